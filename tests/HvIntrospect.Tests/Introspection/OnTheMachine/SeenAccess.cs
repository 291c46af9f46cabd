using System;
using HvIntrospect.Watchpoints;

namespace HvIntrospect.Tests.Introspection.OnTheMachine;

/// <summary>One element of an access of a guest, as somebody saw it who sees all of them.</summary>
/// <param name="Slice">In which part of the run it was.</param>
/// <param name="Vcpu">Whose it was.</param>
/// <param name="Pc">The instruction.</param>
/// <param name="Kind">Read or write.</param>
/// <param name="Va">The virtual address.</param>
/// <param name="Size">The size in bytes.</param>
/// <param name="Ipa">Where the first byte lies.</param>
/// <param name="FirstSize">How many bytes lie in its page.</param>
/// <param name="SecondIpa">Where the rest lies.</param>
/// <param name="Old">What memory held.</param>
/// <param name="New">What it holds then.</param>
internal readonly record struct SeenAccess(
    int Slice, int Vcpu, ulong Pc, WatchKinds Kind, ulong Va, int Size, ulong Ipa, int FirstSize, ulong SecondIpa, ulong Old, ulong New)
{
    /// <summary>Tells whether a watch would see it.</summary>
    public bool IsSeenBy(WatchSpec watch) =>
        (watch.Kinds & Kind) != 0
        && (watch.Range.Overlaps(new Ipa(Ipa), (ulong)FirstSize)
            || (FirstSize != Size && watch.Range.Overlaps(new Ipa(SecondIpa), (ulong)(Size - FirstSize))));

    /// <summary>The event of a watch.</summary>
    public string TextFor(string name) => FormattableString.Invariant($"{name} {Kind} {Size} {Ipa:x}: {Old:x} {New:x} by {Vcpu} at {Pc:x} va {Va:x}");
}
