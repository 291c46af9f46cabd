using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations;

/// <summary>What an FP or SIMD instruction does when it does not trap. Implemented by empty structs; an operation by way of <see cref="SimdGuard{T}"/>.</summary>
internal unsafe interface ISimdOperation
{
    /// <summary>Performs the operation.</summary>
    /// <param name="cpu">The state.</param>
    /// <param name="operation">The operation.</param>
    static abstract void Execute(CpuState* cpu, Operation* operation);
}
