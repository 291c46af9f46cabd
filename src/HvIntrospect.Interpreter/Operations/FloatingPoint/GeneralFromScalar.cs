using System.Numerics;
using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.Semantics;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.FloatingPoint;

/// <summary>Rd := Vn: FMOV to a general-purpose register. Rn is the offset of the element.</summary>
/// <typeparam name="T">uint or ulong.</typeparam>
internal readonly unsafe struct GeneralFromScalar<T> : ISimdOperation
    where T : unmanaged
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute(CpuState* cpu, Operation* operation)
    {
        Registers.Write(cpu, operation->Rd, Registers.Read<T>(cpu, operation->Rn));
    }
}
