using System;

namespace HvIntrospect.Shapes;

/// <summary>A control of Stage 2 with the abilities of one interface.</summary>
internal sealed class ShapedStage2 : IStage2Control
{
    private readonly IStage2Control _inner;

    public ShapedStage2(IStage2Control inner, Stage2AccessSupport support, ulong granule, int maximumRanges = int.MaxValue)
    {
        _inner = inner;
        Support = support;
        Granule = granule;
        MaximumRanges = maximumRanges;
    }

    public Stage2AccessSupport Support { get; }

    public ulong Granule { get; }

    public int MaximumRanges { get; }

    public bool TryGetMapping(Ipa address, out Stage2MappingInfo mapping)
    {
        if (!_inner.TryGetMapping(address, out mapping) || mapping.Access == Stage2Access.None)
        {
            return false;
        }

        // The interface knows nothing smaller than its granule, and no physical addresses.
        IpaRange range = mapping.Range.Length < Granule ? new IpaRange(address.AlignDown(Granule), Granule) : mapping.Range;
        mapping = new Stage2MappingInfo(range, mapping.Access);
        return true;
    }

    public void Protect(IpaRange range, Stage2Access access)
    {
        if (((range.Start.Value | range.Length) & (Granule - 1)) != 0)
        {
            throw new ArgumentException("The range is not aligned to the granule of this interface.", nameof(range));
        }

        Stage2AccessSupport needed = access switch
        {
            Stage2Access.All => Stage2AccessSupport.None,
            Stage2Access.Read | Stage2Access.Execute => Stage2AccessSupport.WriteProtect,
            Stage2Access.ReadWrite => Stage2AccessSupport.NoExecute,
            Stage2Access.Read => Stage2AccessSupport.WriteProtect | Stage2AccessSupport.NoExecute,
            Stage2Access.Execute => Stage2AccessSupport.ExecuteOnly,
            Stage2Access.None => Stage2AccessSupport.NoAccess,
            _ => throw new ArgumentException("No interface offers " + access + ".", nameof(access)),
        };
        if ((Support & needed) != needed)
        {
            throw new ArgumentException("This interface does not offer " + access + ".", nameof(access));
        }

        _inner.Protect(range, access);
    }

    public void SetGuards(IStage2Guards? guards) => _inner.SetGuards(guards);

    public void Split(IpaRange range) => _inner.Split(range);

    public void Coalesce(IpaRange range) => _inner.Coalesce(range);
}
