using System;
using System.Collections.Generic;
using HvIntrospect.Introspection;

namespace HvIntrospect.Tests.Introspection.Fakes;

/// <summary>Stage 2 as lists of denials.</summary>
internal sealed class FakePages : IPageControl
{
    private readonly object _lock = new();
    private readonly FakeMemory _memory;
    private readonly List<Denial> _denials = [];
    private readonly List<Opening> _openings = [];

    public FakePages(FakeMemory memory)
    {
        _memory = memory;
    }

    public ulong PageSize => 4096;

    /// <summary>Gets pages that Stage 2 itself maps otherwise than with all accesses; null for not at all.</summary>
    public Dictionary<Ipa, Stage2Access?> Base { get; } = [];

    public int DenialCount
    {
        get
        {
            lock (_lock)
            {
                return _denials.Count;
            }
        }
    }

    public int OpeningCount
    {
        get
        {
            lock (_lock)
            {
                return _openings.Count;
            }
        }
    }

    public PageStanding Judge(Ipa address, Stage2Access needed)
    {
        Span<byte> probe = stackalloc byte[1];
        if (_memory.Read(address, probe) == 0)
        {
            return PageStanding.NoMemory;
        }

        Stage2Access? permitted = Base.TryGetValue(address.AlignDown(PageSize), out Stage2Access? known) ? known : Stage2Access.All;
        return permitted is null ? PageStanding.NotMapped
            : (permitted & needed) != needed ? PageStanding.Protected
            : (DeniedAt(address) & needed) != 0 ? PageStanding.Denied
            : PageStanding.Permitted;
    }

    public Stage2Access DeniedAt(Ipa address)
    {
        // Without closures: a test counts the bytes that an exit allocates.
        lock (_lock)
        {
            foreach (Opening opening in _openings)
            {
                if (opening.Page == address.AlignDown(PageSize))
                {
                    return Stage2Access.None;
                }
            }

            Stage2Access denied = Stage2Access.None;
            foreach (Denial denial in _denials)
            {
                denied |= denial.Covers(address, PageSize) ? denial.Access : Stage2Access.None;
            }

            return denied;
        }
    }

    public IDisposable Deny(IpaRange range, Stage2Access access)
    {
        lock (_lock)
        {
            var denial = new Denial(this, range, access);
            _denials.Add(denial);
            return denial;
        }
    }

    public IDisposable Open(Ipa address)
    {
        lock (_lock)
        {
            var opening = new Opening(this, address.AlignDown(PageSize));
            _openings.Add(opening);
            return opening;
        }
    }

    private sealed record Denial(FakePages Pages, IpaRange Range, Stage2Access Access) : IDisposable
    {
        public bool Covers(Ipa address, ulong pageSize) => address >= Range.Start.AlignDown(pageSize) && address.AlignDown(pageSize) <= Range.Last;

        public void Dispose()
        {
            lock (Pages._lock)
            {
                if (!Pages._denials.Remove(this))
                {
                    throw new InvalidOperationException("A denial was ended twice.");
                }
            }
        }
    }

    private sealed record Opening(FakePages Pages, Ipa Page) : IDisposable
    {
        public void Dispose()
        {
            lock (Pages._lock)
            {
                Pages._openings.Remove(this);
            }
        }
    }
}
