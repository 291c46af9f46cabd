using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Mmu;

namespace HvIntrospect.Interpreter.Operations.LoadStores;

/// <summary>LDTR and STTR.</summary>
internal struct UnprivilegedKind : IKind
{
    /// <inheritdoc/>
    public static bool IsUnprivileged
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => true;
    }

    /// <inheritdoc/>
    public static DataAccessFlags Flags => DataAccessFlags.Unprivileged;

    /// <inheritdoc/>
    public static uint Syndrome => 0;
}
