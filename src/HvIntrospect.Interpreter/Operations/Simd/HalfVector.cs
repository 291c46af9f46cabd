using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.Semantics;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.Simd;

/// <summary>Vd := function of the lower halves of Vd, Vn and Vm; the upper half becomes zero.</summary>
/// <typeparam name="T">The type of the lanes.</typeparam>
/// <typeparam name="TFunction">The function.</typeparam>
internal readonly unsafe struct HalfVector<T, TFunction> : ISimdOperation
    where T : unmanaged
    where TFunction : struct, IVectorFunction
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute(CpuState* cpu, Operation* operation)
    {
        Vector128<T>* destination = (Vector128<T>*)Registers.Address(cpu, operation->Rd);
        Vector128<T> result = TFunction.Apply(
            *destination, Registers.Read<Vector128<T>>(cpu, operation->Rn), Registers.Read<Vector128<T>>(cpu, operation->Rm));
        *destination = Vector128.CreateScalar(result.AsUInt64().ToScalar()).As<ulong, T>();
    }
}
