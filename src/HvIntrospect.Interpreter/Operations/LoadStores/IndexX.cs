using System.Runtime.CompilerServices;

namespace HvIntrospect.Interpreter.Operations.LoadStores;

/// <summary>All 64 bits (LSL, SXTX).</summary>
internal struct IndexX : IIndexExtension
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Extend(ulong value) => value;
}
