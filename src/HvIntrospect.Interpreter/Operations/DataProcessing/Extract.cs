using System.Numerics;
using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.DataProcessing;

/// <summary>Rd := Rn:Rm from bit immediate on, which is not 0: EXTR.</summary>
/// <typeparam name="T">uint for the 32-bit form, ulong for the 64-bit form.</typeparam>
internal readonly unsafe struct Extract<T> : IOperation
    where T : unmanaged, IBinaryInteger<T>
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Operation* Execute(CpuState* cpu, Operation* operation)
    {
        int low = (int)operation->Immediate;
        T upper = Registers.Read<T>(cpu, operation->Rn) << ((sizeof(T) * 8) - low);
        Registers.Write(cpu, operation->Rd, upper | (Registers.Read<T>(cpu, operation->Rm) >>> low));
        return operation + 1;
    }
}
