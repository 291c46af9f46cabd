using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.Semantics;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.Simd;

/// <summary>Vd := Vd or the immediate: ORR. The upper half becomes zero unless Ra is 16.</summary>
internal readonly unsafe struct OrConstant : ISimdOperation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute(CpuState* cpu, Operation* operation)
    {
        ulong* register = (ulong*)Registers.Address(cpu, operation->Rd);
        register[0] |= (ulong)operation->Immediate;
        register[1] = operation->Ra > sizeof(ulong) ? register[1] | (ulong)operation->Immediate : 0;
    }
}
