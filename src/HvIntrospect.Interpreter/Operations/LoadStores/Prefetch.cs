using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.LoadStores;

/// <summary>A prefetch: a hint, without effect. It never faults, and does not check SP.</summary>
internal unsafe struct Prefetch : IOperation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Operation* Execute(CpuState* cpu, Operation* operation) => operation + 1;
}
