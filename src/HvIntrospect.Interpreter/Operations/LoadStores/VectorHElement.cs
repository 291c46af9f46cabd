using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace HvIntrospect.Interpreter.Operations.LoadStores;

/// <summary>The 16 bits of a H register.</summary>
internal unsafe struct VectorHElement : IVectorElement
{
    /// <inheritdoc/>
    public static int Size
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 2;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Load(byte* register, byte* from) => *(Vector128<ulong>*)register = Vector128.CreateScalar((ulong)*(ushort*)from);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(byte* register, byte* to) => *(ushort*)to = *(ushort*)register;
}
