using System;

namespace HvIntrospect.Watchpoints;

/// <summary>The answer of a <see cref="WatchHandler"/>.</summary>
/// <remarks>
/// <para>All handlers of all elements of one access are asked before anything of it is performed. Of their answers the one with the highest
/// <see cref="WatchResponseKind"/> decides for the whole instruction; replacements are merged byte by byte. Two different replacements of
/// one byte are reported as an error, and the byte keeps the guest's own value.</para>
/// <para>An instruction that is about to be executed can be left out as a whole, made to fault by an Instruction Abort, or stopped at; it cannot be replaced, which is
/// reported and does nothing.</para>
/// <para>Immutable and thread-safe. The default value is <see cref="Continue"/>.</para>
/// </remarks>
public readonly struct WatchResponse : IEquatable<WatchResponse>
{
    private WatchResponse(WatchResponseKind kind, ulong data, ulong mask)
    {
        Kind = kind;
        Data = data;
        Mask = mask;
    }

    /// <summary>Gets the answer that lets the access be performed as it is.</summary>
    public static WatchResponse Continue => default;

    /// <summary>Gets the answer that leaves the access out: PC advances and writeback happens, loads leave their destinations unchanged, the status of a store-exclusive is 1.</summary>
    public static WatchResponse Skip => new(WatchResponseKind.Skip, 0, 0);

    /// <summary>Gets the answer that makes the guest take a synchronous External abort at the element's address.</summary>
    public static WatchResponse InjectExternalAbort => new(WatchResponseKind.InjectExternalAbort, 0, 0);

    /// <summary>Gets the answer that makes the guest take a Stage 1 Permission fault at the element's address.</summary>
    public static WatchResponse InjectPermissionFault => new(WatchResponseKind.InjectPermissionFault, 0, 0);

    /// <summary>Gets the answer that stops the vCPU before the access. Resuming it performs the access without a second event.</summary>
    public static WatchResponse Stop => new(WatchResponseKind.Stop, 0, 0);

    /// <summary>Gets what is to happen.</summary>
    public WatchResponseKind Kind { get; }

    /// <summary>Gets the replacing bytes as a little-endian number.</summary>
    internal ulong Data { get; }

    /// <summary>Gets 0xFF for each byte that is replaced, as a little-endian number.</summary>
    internal ulong Mask { get; }

    /// <summary>Compares for equality.</summary>
    /// <param name="left">One answer.</param>
    /// <param name="right">The other answer.</param>
    /// <returns>True when both say the same.</returns>
    public static bool operator ==(WatchResponse left, WatchResponse right) => left.Equals(right);

    /// <summary>Compares for inequality.</summary>
    /// <param name="left">One answer.</param>
    /// <param name="right">The other answer.</param>
    /// <returns>True when they differ.</returns>
    public static bool operator !=(WatchResponse left, WatchResponse right) => !left.Equals(right);

    /// <summary>Makes the answer that replaces all bytes of the element: what a store writes or what a load reads.</summary>
    /// <param name="value">The bytes in memory order as a little-endian number; those beyond the element's size are ignored.</param>
    /// <returns>The answer.</returns>
    public static WatchResponse Replace(ulong value) => new(WatchResponseKind.Replace, value, ulong.MaxValue);

    /// <summary>Makes the answer that replaces some bytes of the element: what a store writes or what a load reads.</summary>
    /// <param name="bytes">The bytes in memory order, 1 to 8; those beyond the element's size are ignored.</param>
    /// <param name="offset">Where in the element they begin, 0 to 7.</param>
    /// <returns>The answer.</returns>
    /// <exception cref="ArgumentException"><paramref name="bytes"/> is empty or passes the eighth byte.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="offset"/> is not 0 to 7.</exception>
    public static WatchResponse Replace(ReadOnlySpan<byte> bytes, int offset = 0)
    {
        if (offset is < 0 or > 7)
        {
            throw new ArgumentOutOfRangeException(nameof(offset), offset, "The offset in an element is 0 to 7.");
        }

        if (bytes.IsEmpty || bytes.Length > 8 - offset)
        {
            throw new ArgumentException("There are 1 to " + (8 - offset) + " bytes from the offset to the end of the largest element, 8 bytes.", nameof(bytes));
        }

        ulong data = 0;
        ulong mask = 0;
        for (int i = 0; i < bytes.Length; i++)
        {
            int shift = 8 * (offset + i);
            data |= (ulong)bytes[i] << shift;
            mask |= 0xFFUL << shift;
        }

        return new WatchResponse(WatchResponseKind.Replace, data, mask);
    }

    /// <inheritdoc/>
    public bool Equals(WatchResponse other) => Kind == other.Kind && Data == other.Data && Mask == other.Mask;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is WatchResponse other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => unchecked((((int)Kind * 397) ^ Data.GetHashCode()) * 397) ^ Mask.GetHashCode();

    /// <summary>Formats the kind and the replaced bytes.</summary>
    /// <returns>For example <c>Skip</c>.</returns>
    public override string ToString() => Kind == WatchResponseKind.Replace
        ? "Replace 0x" + Data.ToString("x", System.Globalization.CultureInfo.InvariantCulture)
        : Kind.ToString();
}
