using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.LoadStores;

/// <summary>Base plus an immediate.</summary>
/// <typeparam name="TBase">The kind of base register.</typeparam>
internal unsafe struct Offset<TBase> : IAddressing
    where TBase : struct, IBase
{
    /// <inheritdoc/>
    public static bool RecordsSyndrome => true;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Misalignment(CpuState* cpu) => TBase.Misalignment(cpu);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Address(CpuState* cpu, Operation* operation) =>
        Registers.X(cpu, operation->Rn) + (ulong)operation->Immediate;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Writeback(CpuState* cpu, Operation* operation, ulong address)
    {
    }
}
