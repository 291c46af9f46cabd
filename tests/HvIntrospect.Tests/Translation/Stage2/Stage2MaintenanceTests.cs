using HvIntrospect.Registers;
using HvIntrospect.Tests.Support;
using HvIntrospect.Translation;
using HvIntrospect.Translation.Stage2;
using Xunit;

namespace HvIntrospect.Tests.Translation.Stage2;

/// <summary>The whole sequence of an invalidation, by text.</summary>
public sealed class Stage2MaintenanceTests
{
    private const ulong Page = 0x1000;
    private const ulong Block = 0x20_0000;
    private const string Tail = "Dsb Ish; Vmalle1Is; Dsb Ish; Isb";

    private static readonly Stage2Geometry s_geometry = new(40, 40);
    private static readonly Vttbr s_own = Vttbr.Create(new Pa(0x8000_0000), 5);

    private readonly RecordingEl2Operations _operations = new();
    private readonly Stage2Maintenance _maintenance;

    public Stage2MaintenanceTests()
    {
        _maintenance = Make(hasRanges: true);
        Load(s_geometry.Vtcr, s_own);
    }

    private string Invalidated
    {
        get
        {
            _maintenance.Invalidate();
            return _operations.Take();
        }
    }

    [Fact]
    public void WhereNothingIsStaleTheTablesArePublished()
    {
        Assert.Equal("Dsb Ishst", Invalidated);
        _maintenance.Publish();
        Assert.Equal("Dsb Ishst", _operations.Take());
    }

    [Fact]
    public void LeavesInARowAreOneRun()
    {
        _maintenance.AddLeaf(0x1000, 3);
        _maintenance.AddLeaf(0x2000, 3, 3);
        _maintenance.AddLeaf(0x6000, 3);
        _maintenance.AddLeaf(0x20_0000, 2);
        _maintenance.AddLeaf(0x40_0000, 2);
        Assert.Equal("Dsb Ishst; Ripas2Le1Is 0x40e000000001; Ipas2Le1Is 0x700000000006; Ripas2Le1Is 0x57c000000200; " + Tail, Invalidated);
    }

    [Fact]
    public void ATableGoesWithWhatIsInIt()
    {
        // The last pages of one table that stays, and all of the next one's.
        _maintenance.AddLeaf(Block - (2 * Page), 3, 2);
        _maintenance.AddLeaf(Block, 3, 512);
        _maintenance.AddTable(Block, 2);
        Assert.Equal("Dsb Ishst; Ripas2Le1Is 0x4060000001fe; Ripas2E1Is 0x538000000200; " + Tail, Invalidated);

        // Two tables and the one above them.
        _maintenance.Reset();
        _maintenance.AddLeaf(0, 3, 512);
        _maintenance.AddTable(0, 2);
        _maintenance.AddLeaf(Block, 3, 512);
        _maintenance.AddTable(Block, 2);
        _maintenance.AddTable(0, 1);
        Assert.Equal("Dsb Ishst; Ripas2E1Is 0x578000000000; " + Tail, Invalidated);

        // Nothing of it was in a TLB but the way there.
        _maintenance.Reset();
        _maintenance.AddLeaf(0, 3);
        _maintenance.AddTable(Block, 2);
        Assert.Equal("Dsb Ishst; Ipas2Le1Is 0x700000000000; Ipas2E1Is 0x200; " + Tail, Invalidated);
    }

    [Fact]
    public void TooManyRunsBecomeOneAroundThem()
    {
        for (ulong i = 0; i < 64; i++)
        {
            _maintenance.AddLeaf(2 * i * Page, 3);
        }

        Assert.Equal(64, Invalidated.Split("Ipas2Le1Is").Length - 1);
        _maintenance.AddLeaf(128 * Page, 3);
        _maintenance.AddTable(0, 2);
        Assert.False(_maintenance.IsEverything);
        Assert.Equal("Dsb Ishst; Ripas2E1Is 0x508000000000; Ripas2E1Is 0x508000000001; " + Tail, Invalidated);
        _maintenance.AddLeaf(0x10_0000_0000, 3);
        Assert.False(_maintenance.IsEverything);
        Assert.Equal(8 + 1, Invalidated.Split("Ripas2E1Is").Length - 1);
        _maintenance.AddLeaf(0xFF_0000_0000, 3);
        Assert.True(_maintenance.IsEverything);
        Assert.Equal("Dsb Ishst; Vmalls12E1Is; Dsb Ish; Isb", Invalidated);
    }

    /// <summary>Ranges count 64 KB there: what one reaches anyway is not named again, and a page does not become a range for the sake of another.</summary>
    [Fact]
    public void WithLargeDescriptorsWhatARangeReachesIsNotNamedAgain()
    {
        var geometry = new Stage2Geometry(52, 52, startLevel: 0, features: TranslationFeatures.LPA2);
        Vttbr own = geometry.CreateVttbr(new Pa(0x8000_0000), 5);
        var maintenance = new Stage2Maintenance(_operations, geometry, Stage2CoreFeatures.Armv8_0 with { HasLevelHints = true, HasRangeInvalidation = true }, own);
        Load(geometry.Vtcr, own);
        maintenance.AddLeaf(0, 3, 2);
        maintenance.AddLeaf(3 * Page, 3);
        maintenance.AddLeaf(5 * Page, 3);
        maintenance.Invalidate();
        Assert.Equal("Dsb Ishst; Ripas2Le1Is 0x43e000000000; " + Tail, _operations.Take());
        maintenance.Reset();
        maintenance.AddLeaf(0, 3);
        maintenance.AddLeaf(2 * Page, 3);
        maintenance.Invalidate();
        Assert.Equal("Dsb Ishst; Ipas2Le1Is 0x700000000000; Ipas2Le1Is 0x700000000002; " + Tail, _operations.Take());
    }

    [Fact]
    public void WithoutRangesTooManyLeavesAreEverything()
    {
        Stage2Maintenance maintenance = Make(hasRanges: false);
        maintenance.AddLeaf(0, 3, 32);
        maintenance.AddLeaf(Block, 3, 32);
        Assert.False(maintenance.IsEverything);
        maintenance.AddLeaf(0x1000_0000, 2);
        Assert.True(maintenance.IsEverything);
        maintenance.AddTable(0x1000_0000, 1);
        maintenance.Invalidate();
        Assert.Equal("Dsb Ishst; Vmalls12E1Is; Dsb Ish; Isb", _operations.Take());
        maintenance.Reset();
        Assert.True(maintenance.IsNothing);
    }

    [Fact]
    public void RegistersOfAnotherVmAreReplacedAndPutBack()
    {
        var foreign = new Vttbr(0x0009_0000_1234_0000);
        Load(new Vtcr(0x8000_3580), foreign);
        _maintenance.AddLeaf(0, 3);
        Assert.Equal(
            $"Dsb Ish; VTCR={s_geometry.Vtcr}; VTTBR={s_own}; Isb; Ipas2Le1Is 0x700000000000; Dsb Ish; Vmalle1Is; Dsb Ish; VTCR=0x80003580; VTTBR={foreign}; Isb", Invalidated);

        // The control register is written only where it differs.
        Load(s_geometry.Vtcr, foreign);
        Assert.Equal($"Dsb Ish; VTTBR={s_own}; Isb; Ipas2Le1Is 0x700000000000; Dsb Ish; Vmalle1Is; Dsb Ish; VTTBR={foreign}; Isb", Invalidated);
    }

    [Fact]
    public void AHostLeavesItsOwnRegimeWhileItInvalidatesItsGuests()
    {
        const HcrBits Host = HcrBits.E2h | HcrBits.Tge | HcrBits.Rw;
        _operations.WriteSystemRegister(SystemRegister.HcrEl2, (ulong)Host);
        _operations.Log.Clear();
        _maintenance.AddLeaf(0, 3);
        Assert.Equal(
            $"Dsb Ish; HCR=0x{(ulong)(HcrBits.E2h | HcrBits.Rw):x}; VTTBR={s_own}; Isb; Ipas2Le1Is 0x700000000000; Dsb Ish; Vmalle1Is; Dsb Ish; "
            + $"HCR=0x{(ulong)Host:x}; VTTBR={s_own}; Isb", Invalidated);

        // One of the two bits alone changes nothing.
        _operations.WriteSystemRegister(SystemRegister.HcrEl2, (ulong)(HcrBits.Tge | HcrBits.Rw));
        _operations.Log.Clear();
        Assert.Equal("Dsb Ishst; Ipas2Le1Is 0x700000000000; " + Tail, Invalidated);
    }

    [Fact]
    public void EachViewIsOneBatch()
    {
        Vttbr[] views = [s_own, Vttbr.Create(new Pa(0x8001_0000), 6), Vttbr.Create(new Pa(0x8002_0000), 7)];
        _maintenance.AddLeaf(0, 3);
        _maintenance.Invalidate(views);
        const string Batch = "Ipas2Le1Is 0x700000000000; Dsb Ish; Vmalle1Is; ";
        Assert.Equal($"Dsb Ish; {Batch}VTTBR={views[1]}; Isb; {Batch}VTTBR={views[2]}; Isb; {Batch}Dsb Ish; VTTBR={s_own}; Isb", _operations.Take());
        _maintenance.AddEverything();
        _maintenance.Invalidate(views);
        Assert.Equal($"Dsb Ish; Vmalls12E1Is; VTTBR={views[1]}; Isb; Vmalls12E1Is; VTTBR={views[2]}; Isb; Vmalls12E1Is; Dsb Ish; VTTBR={s_own}; Isb", _operations.Take());
    }

    [Fact]
    public void NothingIsAllocated()
    {
        _operations.IsSilent = true;
        Assert.Equal(0, Allocation.Of(() =>
        {
            _maintenance.Reset();
            for (ulong i = 0; i < 70; i++)
            {
                _maintenance.AddLeaf(2 * i * Page, 3);
                _maintenance.AddTable(2 * i * Page, 2);
            }

            _maintenance.Invalidate();
        }));
    }

    private Stage2Maintenance Make(bool hasRanges) => new(
        _operations, s_geometry, Stage2CoreFeatures.Armv8_0 with { HasLevelHints = true, HasRangeInvalidation = hasRanges }, s_own);

    private void Load(Vtcr vtcr, Vttbr vttbr)
    {
        _operations.WriteSystemRegister(SystemRegister.VtcrEl2, vtcr.Value);
        _operations.WriteSystemRegister(SystemRegister.VttbrEl2, vttbr.Value);
        _operations.Log.Clear();
    }
}
