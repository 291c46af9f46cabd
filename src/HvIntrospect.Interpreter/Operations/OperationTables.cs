using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.Operations.LoadStores;

namespace HvIntrospect.Interpreter.Operations;

/// <summary>Gathers the binders of all rooms of operations.</summary>
internal static class OperationTables
{
    /// <summary>Gets the binders of everything that the interpreter executes.</summary>
    public static OperationTable All { get; } = Build();

    private static OperationTable Build()
    {
        var table = new OperationTable();
        LoadStoreBinders.AddTo(table);
        return table;
    }
}
