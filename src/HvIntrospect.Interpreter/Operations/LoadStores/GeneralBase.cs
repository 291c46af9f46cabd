using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.LoadStores;

/// <summary>The base is X0 to X30 or the PC.</summary>
internal unsafe struct GeneralBase : IBase
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Misalignment(CpuState* cpu) => 0;
}
