using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace HvIntrospect.Interpreter.Operations.LoadStores;

/// <summary>The 128 bits of a Q register.</summary>
internal unsafe struct VectorQElement : IVectorElement
{
    /// <inheritdoc/>
    public static int Size
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 16;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Load(byte* register, byte* from) => Vector128.Store(Vector128.Load(from), register);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(byte* register, byte* to) => Vector128.Store(Vector128.Load(register), to);
}
