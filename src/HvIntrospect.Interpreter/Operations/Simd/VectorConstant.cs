using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.Semantics;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.Simd;

/// <summary>Vd := the immediate, in the lower half or, when Ra is 16, in both: MOVI, MVNI, FMOV.</summary>
internal readonly unsafe struct VectorConstant : ISimdOperation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute(CpuState* cpu, Operation* operation)
    {
        ulong value = (ulong)operation->Immediate;
        *(Vector128<ulong>*)Registers.Address(cpu, operation->Rd) = Vector128.Create(value, operation->Ra > sizeof(ulong) ? value : 0);
    }
}
