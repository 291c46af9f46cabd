using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace HvIntrospect.Interpreter.Operations.LoadStores;

/// <summary>The 8 bits of a B register.</summary>
internal unsafe struct VectorBElement : IVectorElement
{
    /// <inheritdoc/>
    public static int Size
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 1;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Load(byte* register, byte* from) => *(Vector128<ulong>*)register = Vector128.CreateScalar((ulong)*from);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(byte* register, byte* to) => *to = *register;
}
