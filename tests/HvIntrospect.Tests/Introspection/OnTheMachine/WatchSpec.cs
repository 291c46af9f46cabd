using System;
using System.Collections.Generic;
using System.Globalization;
using HvIntrospect.Tests.Differential;
using HvIntrospect.Watchpoints;

namespace HvIntrospect.Tests.Introspection.OnTheMachine;

/// <summary>One watch of a random set.</summary>
internal sealed record WatchSpec(string Name, IpaRange Range, WatchKinds Kinds)
{
    /// <summary>Makes a few watches, some of them near an address and some anywhere in the data window or beyond its edges.</summary>
    public static IReadOnlyList<WatchSpec> Some(Random random, ulong near)
    {
        var specs = new List<WatchSpec>();
        int count = random.Next(1, 6);
        for (int i = 0; i < count; i++)
        {
            ulong start = random.Next(3) != 0
                ? near + (ulong)random.Next(-24, 24)
                : TestLayout.Data - 16 + (ulong)random.Next((int)TestLayout.DataSize + 32);
            ulong length = random.Next(4) == 0 ? (ulong)random.Next(1, 0x2000) : (ulong)random.Next(1, 20);
            specs.Add(new WatchSpec(i.ToString(CultureInfo.InvariantCulture), new IpaRange(new Ipa(start), length), (WatchKinds)random.Next(1, 4)));
        }

        return specs;
    }

    /// <summary>The event of this watch for an element, or null.</summary>
    public string? EventOf(WatchKinds kind, ulong address, int size, ReadOnlySpan<byte> old, ReadOnlySpan<byte> written) =>
        (Kinds & kind) != 0 && Range.Overlaps(new Ipa(address), (ulong)size) ? Text(Name, kind, address, size, old, written) : null;

    /// <summary>The text of an event, the same for every source of events.</summary>
    public static string Text(string? name, WatchKinds kind, ulong address, int size, ReadOnlySpan<byte> old, ReadOnlySpan<byte> written) =>
        FormattableString.Invariant($"{name} {kind} {size} {address:x}: {Convert.ToHexString(old)} {Convert.ToHexString(written)}");
}
