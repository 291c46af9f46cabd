using System;

namespace HvIntrospect.Interpreter.Checking;

/// <summary>Memory through which EL2 replaces instructions; the checker sees each word that changes.</summary>
internal sealed class CheckedCodeMemory : IPhysicalMemory
{
    private const int WordSize = sizeof(uint);
    private readonly ArchitectureChecker _checker;
    private readonly IPhysicalMemory _inner;

    /// <summary>Initialises the decorator.</summary>
    /// <param name="checker">The checker.</param>
    /// <param name="inner">The memory.</param>
    public CheckedCodeMemory(ArchitectureChecker checker, IPhysicalMemory inner)
    {
        _checker = checker;
        _inner = inner;
    }

    /// <inheritdoc/>
    public AtomicWidths CompareExchangeWidths => _inner.CompareExchangeWidths;

    /// <inheritdoc/>
    public Span<byte> GetSpan(Pa address, out Pa start)
    {
        // A write through a span could not be seen.
        start = default;
        return default;
    }

    /// <inheritdoc/>
    public int Read(Pa address, Span<byte> destination) => _inner.Read(address, destination);

    /// <inheritdoc/>
    public int Write(Pa address, ReadOnlySpan<byte> source)
    {
        var first = new Pa(address.Value & ~(WordSize - 1UL));
        int length = (int)(address.Value - first.Value) + source.Length;
        byte[] before = Words(first, length);
        int done = _inner.Write(address, source);
        _checker.FollowReplacement(first, before, Words(first, length));
        return done;
    }

    /// <inheritdoc/>
    public CompareExchangeResult TryCompareExchange(Pa address, ReadOnlySpan<byte> expected, ReadOnlySpan<byte> replacement, Span<byte> observed)
    {
        CompareExchangeResult result = _inner.TryCompareExchange(address, expected, replacement, observed);
        if (result == CompareExchangeResult.Exchanged)
        {
            var first = new Pa(address.Value & ~(WordSize - 1UL));
            byte[] now = Words(first, (int)(address.Value - first.Value) + replacement.Length);
            byte[] before = [.. now];
            expected.CopyTo(before.AsSpan((int)(address.Value - first.Value)));
            _checker.FollowReplacement(first, before, now);
        }

        return result;
    }

    private byte[] Words(Pa first, int length)
    {
        byte[] words = new byte[(length + WordSize - 1) & -WordSize];
        _inner.Read(first, words);
        return words;
    }
}
