using System.Runtime.CompilerServices;

namespace HvIntrospect.Interpreter.Operations.LoadStores;

/// <summary>A byte, zero-extended.</summary>
internal unsafe struct ByteElement : IElement
{
    /// <inheritdoc/>
    public static int Size
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 1;
    }

    /// <inheritdoc/>
    public static uint Syndrome => (0u << 22);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Load(byte* host) => *host;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Extend(ulong value) => value;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(byte* host, ulong value) => *host = (byte)value;
}
