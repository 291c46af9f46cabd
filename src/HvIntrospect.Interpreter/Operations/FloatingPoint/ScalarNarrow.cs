using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.Semantics;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.FloatingPoint;

/// <summary>Sd := Dn: FCVT.</summary>
internal readonly unsafe struct ScalarNarrow : ISimdOperation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute(CpuState* cpu, Operation* operation)
    {
        double value = Registers.Read<double>(cpu, operation->Rn);
        float result = (float)value;
        if ((cpu->Fpcr & FpControl.Unusual) == 0 && FpFast<float>.IsOrdinary(result))
        {
            FpRegisters.Write(cpu, operation->Rd, result);
            if (result != value)
            {
                cpu->Fpsr |= FpStatus.Inexact;
            }

            return;
        }

        ScalarConvert<DoubleFormat, SingleFormat>.Execute(cpu, operation);
    }
}
