using System;

namespace HvIntrospect.Translation.Stage2;

/// <summary>What a view has otherwise than the base view at some addresses.</summary>
/// <remarks>Immutable. A frame is kept as its distance from the IPA, so that frames in a row are one value.</remarks>
internal readonly struct PageOverride : IEquatable<PageOverride>
{
    private readonly ulong _distance;

    private PageOverride(Stage2ViewAccess access, bool hasFrame, ulong distance)
    {
        Access = access;
        HasFrame = hasFrame;
        _distance = distance;
    }

    /// <summary>Gets what is permitted.</summary>
    public Stage2ViewAccess Access { get; }

    /// <summary>Gets a value indicating whether another frame lies behind the page than in the base view.</summary>
    public bool HasFrame { get; }

    /// <summary>Gets a value indicating whether all is as in the base view.</summary>
    public bool IsNone => !HasFrame && Access.FollowsBase;

    public PageOverride With(Stage2ViewAccess access) => new(access, HasFrame, _distance);

    public PageOverride WithFrame(Ipa page, Pa? frame) => frame is Pa at ? new(Access, true, unchecked(at.Value - page.Value)) : new(Access, false, 0);

    /// <summary>Gets the physical address behind an IPA; only where there is a frame.</summary>
    public ulong AddressOf(ulong ipa) => unchecked(ipa + _distance);

    /// <summary>Tells whether one descriptor can map all of a block: with frames only where IPA and PA are equally aligned.</summary>
    public bool FitsBlock(ulong span) => !HasFrame || (_distance & span) == 0;

    /// <inheritdoc/>
    public bool Equals(PageOverride other) => Access == other.Access && HasFrame == other.HasFrame && _distance == other._distance;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is PageOverride other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _distance.GetHashCode() ^ Access.GetHashCode();
}
