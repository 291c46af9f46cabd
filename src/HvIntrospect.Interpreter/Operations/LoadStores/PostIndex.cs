using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.LoadStores;

/// <summary>The base; the base register then gets an immediate added.</summary>
/// <typeparam name="TBase">The kind of base register.</typeparam>
internal unsafe struct PostIndex<TBase> : IAddressing
    where TBase : struct, IBase
{
    /// <inheritdoc/>
    public static bool RecordsSyndrome => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Misalignment(CpuState* cpu) => TBase.Misalignment(cpu);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Address(CpuState* cpu, Operation* operation) =>
        Registers.X(cpu, operation->Rn);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Writeback(CpuState* cpu, Operation* operation, ulong address) =>
        Registers.X(cpu, operation->Rn) = address + (ulong)operation->Immediate;
}
