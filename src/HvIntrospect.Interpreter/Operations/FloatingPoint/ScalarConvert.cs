using System.Numerics;
using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.Semantics;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.FloatingPoint;

/// <summary>Vd := Vn in another format: FCVT.</summary>
/// <typeparam name="TSource">The format of Vn.</typeparam>
/// <typeparam name="TResult">The format of Vd.</typeparam>
internal readonly unsafe struct ScalarConvert<TSource, TResult> : ISimdOperation
    where TSource : struct, IFpFormat
    where TResult : struct, IFpFormat
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute(CpuState* cpu, Operation* operation)
    {
        var context = new FpContext(cpu->Fpcr);
        ulong value = FpRegisters.Read<TSource>(cpu, operation->Rn);
        FpRegisters.Write(cpu, operation->Rd, FpConversion<TSource>.ToFormat<TResult>(value, context.Rounding, ref context));
        cpu->Fpsr |= context.Status;
    }
}
