using System.Numerics;
using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.Semantics;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.FloatingPoint;

/// <summary>Vd := Rn, a scalar: FMOV from a general-purpose register.</summary>
/// <typeparam name="T">uint or ulong.</typeparam>
internal readonly unsafe struct ScalarFromGeneral<T> : ISimdOperation
    where T : unmanaged
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute(CpuState* cpu, Operation* operation)
    {
        FpRegisters.Write(cpu, operation->Rd, Registers.Read<T>(cpu, operation->Rn));
    }
}
