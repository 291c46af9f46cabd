using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.Semantics;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.FloatingPoint;

/// <summary>Dd := Sn: FCVT.</summary>
internal readonly unsafe struct ScalarWiden : ISimdOperation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute(CpuState* cpu, Operation* operation)
    {
        float value = Registers.Read<float>(cpu, operation->Rn);
        if ((cpu->Fpcr & FpControl.FlushToZero) == 0 && !float.IsNaN(value))
        {
            FpRegisters.Write<double>(cpu, operation->Rd, value);
            return;
        }

        ScalarConvert<SingleFormat, DoubleFormat>.Execute(cpu, operation);
    }
}
