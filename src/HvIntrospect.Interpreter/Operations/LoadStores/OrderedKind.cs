using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Mmu;

namespace HvIntrospect.Interpreter.Operations.LoadStores;

/// <summary>LDAR and STLR. One thread runs all vCPUs, so the ordering itself needs nothing.</summary>
internal struct OrderedKind : IKind
{
    /// <inheritdoc/>
    public static bool IsUnprivileged
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => false;
    }

    /// <inheritdoc/>
    public static DataAccessFlags Flags => DataAccessFlags.Ordered;

    /// <inheritdoc/>
    public static uint Syndrome => 1u << 14;
}
