using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.Operations.Branches;
using HvIntrospect.Interpreter.Operations.DataProcessing;
using HvIntrospect.Interpreter.Operations.FloatingPoint;
using HvIntrospect.Interpreter.Operations.LoadStores;
using HvIntrospect.Interpreter.Operations.PointerAuthentication;
using HvIntrospect.Interpreter.Operations.Simd;
using HvIntrospect.Interpreter.Operations.SystemInstructions;

namespace HvIntrospect.Interpreter.Operations;

/// <summary>Gathers the binders of all rooms of operations.</summary>
internal static class OperationTables
{
    /// <summary>Gets the binders of everything that the interpreter executes.</summary>
    public static OperationTable All { get; } = Build();

    private static OperationTable Build()
    {
        var table = new OperationTable();
        DataProcessingImmediateBinders.AddTo(table);
        DataProcessingRegisterBinders.AddTo(table);
        BranchBinders.AddTo(table);
        FloatingPointBinders.AddTo(table);
        AdvancedSimdBinders.AddTo(table);
        VectorMoveBinders.AddTo(table);
        SystemBinders.AddTo(table);
        PointerAuthenticationBinders.AddTo(table);
        LoadStoreBinders.AddTo(table);
        return table;
    }
}
