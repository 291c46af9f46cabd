using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.LoadStores;

/// <summary>Base plus an extended and shifted index register.</summary>
/// <typeparam name="TBase">The kind of base register.</typeparam>
/// <typeparam name="TExtension">The extension of the index register.</typeparam>
internal unsafe struct RegisterOffset<TBase, TExtension> : IAddressing
    where TBase : struct, IBase
    where TExtension : struct, IIndexExtension
{
    /// <inheritdoc/>
    public static bool RecordsSyndrome => true;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Misalignment(CpuState* cpu) => TBase.Misalignment(cpu);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Address(CpuState* cpu, Operation* operation) =>
        Registers.X(cpu, operation->Rn) + (TExtension.Extend(Registers.X(cpu, operation->Rm)) << operation->Ra);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Writeback(CpuState* cpu, Operation* operation, ulong address)
    {
    }
}
