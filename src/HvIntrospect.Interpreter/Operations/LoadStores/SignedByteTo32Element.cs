using System.Runtime.CompilerServices;

namespace HvIntrospect.Interpreter.Operations.LoadStores;

/// <summary>A byte, sign-extended to 32 bits.</summary>
internal unsafe struct SignedByteTo32Element : IElement
{
    /// <inheritdoc/>
    public static int Size
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 1;
    }

    /// <inheritdoc/>
    public static uint Syndrome => (0u << 22) | (1u << 21);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Load(byte* host) => (uint)(int)*(sbyte*)host;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Extend(ulong value) => (uint)(int)(sbyte)value;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(byte* host, ulong value) => *host = (byte)value;
}
