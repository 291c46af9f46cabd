using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Dispatch;

/// <summary>The slow path of an operation, as an operation of its own.</summary>
/// <typeparam name="T">The operation.</typeparam>
internal unsafe struct SlowPath<T> : IOperation
    where T : struct, ISlowOperation
{
    /// <inheritdoc/>
    /// <remarks>Never inlined: it has locals whose address is taken, and a method with such locals cannot end in a jump.</remarks>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Operation* Execute(CpuState* cpu, Operation* operation) => T.ExecuteSlow(cpu, cpu->Current);
}
