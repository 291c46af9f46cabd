using System.Numerics;
using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.Exceptions;
using HvIntrospect.Interpreter.Semantics;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.FloatingPoint;

/// <summary>Vd := function of Va, Vn and Vm, scalars.</summary>
/// <typeparam name="T">float or double.</typeparam>
/// <typeparam name="TFormat">The format of <typeparamref name="T"/>.</typeparam>
/// <typeparam name="TFunction">The function.</typeparam>
internal readonly unsafe struct ScalarTernary<T, TFormat, TFunction> : ISlowOperation
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TFormat : struct, IFpFormat
    where TFunction : struct, IFpTernary
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryExecute(CpuState* cpu, Operation* operation)
    {
        if (cpu->FpTrapped == 0 && TFunction.TryFast(Registers.Read<T>(cpu, operation->Ra), Registers.Read<T>(cpu, operation->Rn), Registers.Read<T>(cpu, operation->Rm), cpu->Fpcr, ref cpu->Fpsr, out T result))
        {
            FpRegisters.Write(cpu, operation->Rd, result);
            return true;
        }

        return false;
    }

    /// <inheritdoc/>
    public static Operation* ExecuteSlow(CpuState* cpu, Operation* operation)
    {
        if (cpu->FpTrapped != 0)
        {
            return ExceptionEntry.SimdFpTrap(cpu, operation);
        }

        var context = new FpContext(cpu->Fpcr);
        ulong result = TFunction.Exact<TFormat>(FpRegisters.Read<TFormat>(cpu, operation->Ra), FpRegisters.Read<TFormat>(cpu, operation->Rn), FpRegisters.Read<TFormat>(cpu, operation->Rm), ref context);
        FpRegisters.Write(cpu, operation->Rd, result);
        cpu->Fpsr |= context.Status;
        return Flow.Next(cpu, operation);
    }
}
