using System;
using HvIntrospect.Registers;

namespace HvIntrospect.Translation.Stage2;

/// <summary>Reads everything that Stage 2 tables map, in the order of intermediate physical addresses: by blocks and pages, by the ranges that they make, or those of a physical address only.</summary>
/// <remarks>
/// <para>The tables may be anybody's and hostile. What they say is asked of a <see cref="Stage2Walker"/>, one walk for each descriptor that ends one, so this says nothing that a walk does not.
/// A table that points to itself, or one that stands in a thousand places, looks like endless different mappings: the budget limits how many walks are made, and <see cref="Next"/> tells where to go on.
/// Reading allocates nothing and never throws.</para>
/// <para>A mutable value for one thread; a copy goes on from where the original is. Tables that change meanwhile are read as each walk finds them.</para>
/// </remarks>
public struct Stage2TableReader
{
    /// <summary>How many walks a reader makes unless told otherwise: as many as 64 GB have pages of 4 KB.</summary>
    public const long DefaultBudget = 1 << 24;

    private readonly Stage2Walker _walker;
    private readonly ulong _last;
    private ulong _next;
    private Stage2Range _pending;
    private bool _hasPending;
    private bool _isAtEnd;

    /// <summary>Makes a reader.</summary>
    /// <param name="walker">The walker of the tables.</param>
    /// <param name="range">What to read; <see cref="Stage2Walker.Input"/> is everything.</param>
    /// <param name="budget">The most walks; each reads at most <see cref="Stage2Walker.MostDescriptors"/> descriptors.</param>
    /// <exception cref="ArgumentNullException"><paramref name="walker"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="range"/> is empty, or <paramref name="budget"/> is below 1.</exception>
    public Stage2TableReader(Stage2Walker walker, IpaRange range, long budget = DefaultBudget)
    {
        _walker = walker ?? throw new ArgumentNullException(nameof(walker));
        if (range.Length == 0)
        {
            throw new ArgumentOutOfRangeException(nameof(range), range, "At least 1 byte is read.");
        }

        if (budget < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(budget), budget, "At least 1 walk is made.");
        }

        _next = range.Start.Value;
        _last = range.Last.Value;
        Budget = budget;
    }

    /// <summary>Gets how many walks may still be made.</summary>
    public long Budget { get; private set; }

    /// <summary>Gets a value indicating whether the whole range has been read. When nothing more comes and this is false, the budget is spent.</summary>
    public readonly bool IsComplete => _isAtEnd && !_hasPending;

    /// <summary>Gets where a reader with a new budget would go on. Not meaningful when <see cref="IsComplete"/>.</summary>
    public readonly Ipa Next => _hasPending ? _pending.Ipas.Start : new Ipa(_next);

    /// <summary>Reads the next block or page, or what cannot be followed.</summary>
    /// <param name="leaf">Receives it; at the ends of the range only the part inside.</param>
    /// <returns>False when the range or the budget has ended.</returns>
    public bool TryReadLeaf(out Stage2Range leaf)
    {
        leaf = _pending;
        bool hasLeaf = _hasPending || TryWalk(out leaf);
        _hasPending = false;
        return hasLeaf;
    }

    /// <summary>Reads the next range: blocks and pages that follow each other in intermediate and in physical addresses and have the same attributes.</summary>
    /// <param name="range">Receives it.</param>
    /// <returns>False when the range or the budget has ended. When the budget ends inside a range, its first part is given before.</returns>
    public bool TryRead(out Stage2Range range)
    {
        if (!TryReadLeaf(out range))
        {
            return false;
        }

        while (TryWalk(out Stage2Range next))
        {
            if (!range.TryJoin(next, out range))
            {
                _pending = next;
                _hasPending = true;
                break;
            }
        }

        return true;
    }

    /// <summary>Reads the next range that maps some of given physical addresses: who maps this page?</summary>
    /// <param name="target">The physical addresses.</param>
    /// <param name="range">Receives the part of a block or page that lies there.</param>
    /// <returns>False when the range or the budget has ended.</returns>
    public bool TryFind(PaRange target, out Stage2Range range)
    {
        while (TryReadLeaf(out range))
        {
            ulong first = Math.Max(range.Pa.Value, target.Start.Value);
            ulong last = Math.Min(range.Pa.Value + (range.Ipas.Length - 1), target.Last.Value);
            if (range.IsMapped && first <= last)
            {
                ulong offset = first - range.Pa.Value;
                range = range.Part(offset, last - first + 1, _walker.Walk(range.Ipas.Start + offset));
                return true;
            }
        }

        return false;
    }

    /// <summary>Tells whether a walk found something that is worth to be told: all but descriptors that are not valid.</summary>
    private static bool IsSomething(in Stage2Translation found) =>
        found.IsMapped || found.Status.Kind != FaultKind.Translation || (found.Descriptor & 1) != 0;

    private bool TryWalk(out Stage2Range leaf)
    {
        while (!_isAtEnd && Budget > 0)
        {
            Budget--;
            var first = new Ipa(_next);
            Stage2Translation found = _walker.Walk(first);
            ulong last = Math.Min(_last, _next | (found.DescriptorSpan - 1));
            _isAtEnd = last == _last;
            _next = unchecked(last + 1);
            if (IsSomething(found))
            {
                leaf = new Stage2Range(new IpaRange(first, last - first.Value + 1), found);
                return true;
            }
        }

        leaf = default;
        return false;
    }
}
