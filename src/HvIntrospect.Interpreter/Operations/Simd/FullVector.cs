using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.Semantics;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.Simd;

/// <summary>Vd := function of the whole Vd, Vn and Vm.</summary>
/// <typeparam name="T">The type of the lanes.</typeparam>
/// <typeparam name="TFunction">The function.</typeparam>
internal readonly unsafe struct FullVector<T, TFunction> : ISimdOperation
    where T : unmanaged
    where TFunction : struct, IVectorFunction
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute(CpuState* cpu, Operation* operation)
    {
        Vector128<T>* destination = (Vector128<T>*)Registers.Address(cpu, operation->Rd);
        *destination = TFunction.Apply(
            *destination, Registers.Read<Vector128<T>>(cpu, operation->Rn), Registers.Read<Vector128<T>>(cpu, operation->Rm));
    }
}
