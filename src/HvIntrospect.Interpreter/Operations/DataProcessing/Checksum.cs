using System.Numerics;
using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.Semantics;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.DataProcessing;

/// <summary>Wd := CRC32 of Wn and the low Ra bytes of Rm.</summary>
internal readonly unsafe struct Checksum : IOperation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Operation* Execute(CpuState* cpu, Operation* operation)
    {
        Registers.X(cpu, operation->Rd) = Crc32.Add(Registers.W(cpu, operation->Rn), Registers.X(cpu, operation->Rm), operation->Ra);
        return operation + 1;
    }
}
