using System;

namespace HvIntrospect;

/// <summary>Byte-addressed memory of one address space.</summary>
/// <typeparam name="TAddress">The address type: <see cref="Ipa"/> or <see cref="Pa"/>.</typeparam>
/// <remarks>
/// Aligned accesses of 1, 2, 4 and 8 bytes are single-copy atomic against running vCPUs. Longer or unaligned accesses are not atomic as a whole.
/// Every implementation is safe to call from the threads that handle vCPU exits. A transfer that meets an absent byte stops there
/// and reports the count: absent memory is a condition of the guest, not an error of the caller.
/// </remarks>
public interface IMemory<TAddress>
    where TAddress : struct
{
    /// <summary>Gets the widths for which <see cref="TryCompareExchange"/> is atomic against running vCPUs.</summary>
    AtomicWidths CompareExchangeWidths { get; }

    /// <summary>Reads bytes.</summary>
    /// <param name="address">The first byte.</param>
    /// <param name="destination">Receives the bytes; what lies beyond the returned count is unchanged.</param>
    /// <returns>The number of bytes read, less than asked when absent memory is met.</returns>
    int Read(TAddress address, Span<byte> destination);

    /// <summary>Writes bytes. Marks the dirty log and drops decoded or cached code of the written bytes.</summary>
    /// <param name="address">The first byte.</param>
    /// <param name="source">The bytes to write.</param>
    /// <returns>The number of bytes written, less than asked when absent memory is met.</returns>
    int Write(TAddress address, ReadOnlySpan<byte> source);

    /// <summary>Compares memory with an expected value and, when equal, replaces it, as one atomic step for the widths in <see cref="CompareExchangeWidths"/>.</summary>
    /// <param name="address">The first byte, aligned to the width.</param>
    /// <param name="expected">The expected bytes; the length is the width: 1, 2, 4, 8 or 16 bytes.</param>
    /// <param name="replacement">The new bytes, of the same length.</param>
    /// <param name="observed">Receives the bytes found in memory, of the same length.</param>
    /// <returns>What happened. Nothing was written unless it is <see cref="CompareExchangeResult.Exchanged"/>.</returns>
    /// <exception cref="ArgumentException">The lengths differ or are not one of the widths, or the address is not aligned to it.</exception>
    CompareExchangeResult TryCompareExchange(
        TAddress address, ReadOnlySpan<byte> expected, ReadOnlySpan<byte> replacement, Span<byte> observed);
}
