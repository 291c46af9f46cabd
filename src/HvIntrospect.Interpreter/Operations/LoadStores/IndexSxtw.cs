using System.Runtime.CompilerServices;

namespace HvIntrospect.Interpreter.Operations.LoadStores;

/// <summary>The low 32 bits, sign-extended.</summary>
internal struct IndexSxtw : IIndexExtension
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Extend(ulong value) => (ulong)(int)value;
}
