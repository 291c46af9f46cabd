using System.Runtime.CompilerServices;

namespace HvIntrospect.Interpreter.Operations.LoadStores;

/// <summary>The low 32 bits, zero-extended.</summary>
internal struct IndexUxtw : IIndexExtension
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Extend(ulong value) => (uint)value;
}
