using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace HvIntrospect.Interpreter.Operations.LoadStores;

/// <summary>The 64 bits of a D register.</summary>
internal unsafe struct VectorDElement : IVectorElement
{
    /// <inheritdoc/>
    public static int Size
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 8;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Load(byte* register, byte* from) => *(Vector128<ulong>*)register = Vector128.CreateScalar(*(ulong*)from);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(byte* register, byte* to) => *(ulong*)to = *(ulong*)register;
}
