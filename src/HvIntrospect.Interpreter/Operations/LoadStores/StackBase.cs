using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.LoadStores;

/// <summary>The base is SP.</summary>
internal unsafe struct StackBase : IBase
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Misalignment(CpuState* cpu) => cpu->Sp & cpu->SpAlignmentMask;
}
