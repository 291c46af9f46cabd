using System.Numerics;
using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.Semantics;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.FloatingPoint;

/// <summary>The upper half of Vd := Xn; the lower half is kept.</summary>
internal readonly unsafe struct UpperHalfFromGeneral : ISimdOperation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute(CpuState* cpu, Operation* operation)
    {
        *(ulong*)(Registers.Address(cpu, operation->Rd) + sizeof(ulong)) = Registers.X(cpu, operation->Rn);
    }
}
