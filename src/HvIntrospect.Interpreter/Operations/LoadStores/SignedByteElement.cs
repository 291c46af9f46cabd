using System.Runtime.CompilerServices;

namespace HvIntrospect.Interpreter.Operations.LoadStores;

/// <summary>A byte, sign-extended to 64 bits.</summary>
internal unsafe struct SignedByteElement : IElement
{
    /// <inheritdoc/>
    public static int Size
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 1;
    }

    /// <inheritdoc/>
    public static uint Syndrome => (0u << 22) | (1u << 21) | (1u << 15);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Load(byte* host) => (ulong)(long)*(sbyte*)host;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Extend(ulong value) => (ulong)(long)(sbyte)value;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(byte* host, ulong value) => *host = (byte)value;
}
