using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Mmu;

namespace HvIntrospect.Interpreter.Operations.LoadStores;

/// <summary>LDR, LDUR, STR and STUR.</summary>
internal struct PlainKind : IKind
{
    /// <inheritdoc/>
    public static bool IsUnprivileged
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => false;
    }

    /// <inheritdoc/>
    public static DataAccessFlags Flags => DataAccessFlags.Plain;

    /// <inheritdoc/>
    public static uint Syndrome => 0;
}
