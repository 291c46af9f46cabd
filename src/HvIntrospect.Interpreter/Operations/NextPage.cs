using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.Memory;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations;

/// <summary>What stands behind the last word of a page: goes on with the next page. It is no instruction and does not count.</summary>
internal unsafe struct NextPage : IOperation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Operation* Execute(CpuState* cpu, Operation* operation) =>
        Flow.Jump(cpu, operation, cpu->PageVa + PhysicalMemory.PageSize);

    /// <summary>Makes the operation.</summary>
    /// <param name="builder">The operation behind the last word of a page.</param>
    public static void Bind(OperationBuilder builder)
    {
        builder.Value.Count = Flow.PageLength;
        builder.Use<NextPage>();
    }
}
