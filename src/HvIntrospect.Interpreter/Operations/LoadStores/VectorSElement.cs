using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace HvIntrospect.Interpreter.Operations.LoadStores;

/// <summary>The 32 bits of a S register.</summary>
internal unsafe struct VectorSElement : IVectorElement
{
    /// <inheritdoc/>
    public static int Size
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 4;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Load(byte* register, byte* from) => *(Vector128<ulong>*)register = Vector128.CreateScalar((ulong)*(uint*)from);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(byte* register, byte* to) => *(uint*)to = *(uint*)register;
}
