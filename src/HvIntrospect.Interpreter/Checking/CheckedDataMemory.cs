using System;

namespace HvIntrospect.Interpreter.Checking;

/// <summary>Memory that EL2 writes through its cache for guests; the checker sees each write.</summary>
internal sealed class CheckedDataMemory : IPhysicalMemory
{
    private readonly ArchitectureChecker _checker;
    private readonly IPhysicalMemory _inner;

    /// <summary>Initialises the decorator.</summary>
    /// <param name="checker">The checker.</param>
    /// <param name="inner">The memory.</param>
    public CheckedDataMemory(ArchitectureChecker checker, IPhysicalMemory inner)
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
        int done = _inner.Write(address, source);
        _checker.FollowData(address, done);
        return done;
    }

    /// <inheritdoc/>
    public CompareExchangeResult TryCompareExchange(Pa address, ReadOnlySpan<byte> expected, ReadOnlySpan<byte> replacement, Span<byte> observed)
    {
        CompareExchangeResult result = _inner.TryCompareExchange(address, expected, replacement, observed);
        if (result == CompareExchangeResult.Exchanged)
        {
            _checker.FollowData(address, replacement.Length);
        }

        return result;
    }
}
