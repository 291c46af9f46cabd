using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.LoadStores;

/// <summary>An address relative to PC; the immediate is relative to the page.</summary>
internal unsafe struct Literal : IAddressing
{
    /// <inheritdoc/>
    public static bool RecordsSyndrome => true;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Misalignment(CpuState* cpu) => 0;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Address(CpuState* cpu, Operation* operation) =>
        cpu->PageVa + (ulong)operation->Immediate;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Writeback(CpuState* cpu, Operation* operation, ulong address)
    {
    }
}
