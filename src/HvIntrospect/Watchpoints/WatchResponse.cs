using System;
using System.Globalization;

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
    private const int LargestReplacement = 16;
    private const int LargestElement = 64;

    private readonly ulong _low;
    private readonly ulong _high;
    private readonly ushort _mask;
    private readonly byte _offset;
    private readonly byte _kind;

    private WatchResponse(WatchResponseKind kind, ulong low = 0, ulong high = 0, int mask = 0, int offset = 0)
    {
        _low = low;
        _high = high;
        _mask = (ushort)mask;
        _offset = (byte)offset;
        _kind = (byte)kind;
    }

    /// <summary>Gets the answer that lets the access be performed as it is.</summary>
    public static WatchResponse Continue => default;

    /// <summary>Gets the answer that leaves the access out: PC advances and writeback happens, loads leave their destinations unchanged, the status of a store-exclusive is 1.</summary>
    public static WatchResponse Skip => new(WatchResponseKind.Skip);

    /// <summary>Gets the answer that makes the guest take a synchronous External abort at the element's address.</summary>
    public static WatchResponse InjectExternalAbort => new(WatchResponseKind.InjectExternalAbort);

    /// <summary>Gets the answer that makes the guest take a Stage 1 Permission fault at the element's address.</summary>
    public static WatchResponse InjectPermissionFault => new(WatchResponseKind.InjectPermissionFault);

    /// <summary>Gets the answer that stops the vCPU before the access. Resuming it performs the access without a second event.</summary>
    public static WatchResponse Stop => new(WatchResponseKind.Stop);

    /// <summary>Gets what is to happen.</summary>
    public WatchResponseKind Kind => (WatchResponseKind)_kind;

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

    /// <summary>Makes the answer that replaces what a store writes or what a load reads: all bytes of an element of up to 8 bytes, the first 8 of a larger one.</summary>
    /// <param name="value">The bytes in memory order as a little-endian number; those beyond the element's size are ignored.</param>
    /// <returns>The answer.</returns>
    public static WatchResponse Replace(ulong value) => new(WatchResponseKind.Replace, value, mask: 0xFF);

    /// <summary>Makes the answer that replaces some bytes of the element: what a store writes or what a load reads.</summary>
    /// <param name="bytes">The bytes in memory order, 1 to 16; those beyond the element's size are ignored.</param>
    /// <param name="offset">Where in the element they begin, 0 to 63.</param>
    /// <returns>The answer.</returns>
    /// <exception cref="ArgumentException"><paramref name="bytes"/> is empty, more than 16, or passes the 64th byte of the element.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="offset"/> is not 0 to 63.</exception>
    public static WatchResponse Replace(ReadOnlySpan<byte> bytes, int offset = 0)
    {
        if (offset is < 0 or >= LargestElement)
        {
            throw new ArgumentOutOfRangeException(nameof(offset), offset, "The offset in an element is 0 to 63.");
        }

        int most = Math.Min(LargestReplacement, LargestElement - offset);
        if (bytes.IsEmpty || bytes.Length > most)
        {
            throw new ArgumentException("There are 1 to " + most + " bytes: at most 16, up to the end of the largest element, 64 bytes.", nameof(bytes));
        }

        ulong low = 0;
        ulong high = 0;
        for (int i = 0; i < bytes.Length; i++)
        {
            ulong data = (ulong)bytes[i] << (8 * (i % sizeof(ulong)));
            low |= i < sizeof(ulong) ? data : 0;
            high |= i < sizeof(ulong) ? 0 : data;
        }

        return new WatchResponse(WatchResponseKind.Replace, low, high, (1 << bytes.Length) - 1, offset);
    }

    /// <summary>Gets the replacements of eight bytes of the element.</summary>
    /// <param name="at">Where in the element they begin.</param>
    /// <param name="mask">Receives 0xFF for each byte that is replaced, as a little-endian number.</param>
    /// <returns>The replacing bytes as a little-endian number.</returns>
    internal ulong ReplacementAt(int at, out ulong mask)
    {
        ulong data = 0;
        mask = 0;
        for (int i = 0; i < sizeof(ulong); i++)
        {
            int source = at + i - _offset;
            if ((uint)source < LargestReplacement && ((_mask >> source) & 1) != 0)
            {
                ulong value = source < sizeof(ulong) ? _low >> (8 * source) : _high >> (8 * (source - sizeof(ulong)));
                data |= (value & 0xFF) << (8 * i);
                mask |= 0xFFUL << (8 * i);
            }
        }

        return data;
    }

    /// <inheritdoc/>
    public bool Equals(WatchResponse other) => _kind == other._kind && _low == other._low && _high == other._high && _mask == other._mask && _offset == other._offset;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is WatchResponse other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => unchecked((((((_kind * 397) ^ _low.GetHashCode()) * 397) ^ _high.GetHashCode()) * 397) ^ (_mask << 8) ^ _offset);

    /// <summary>Formats the kind and the replaced bytes.</summary>
    /// <returns>For example <c>Skip</c>.</returns>
    public override string ToString() => Kind == WatchResponseKind.Replace
        ? FormattableString.Invariant($"Replace 0x{(_high == 0 ? string.Empty : _high.ToString("x", CultureInfo.InvariantCulture))}{_low.ToString(_high == 0 ? "x" : "x16", CultureInfo.InvariantCulture)}") + (_offset == 0 ? string.Empty : " at " + _offset)
        : Kind.ToString();
}
