using System;
using System.Collections.Generic;
using HvIntrospect.Interpreter.State;
using HvIntrospect.Registers;
using HvIntrospect.Translation;

namespace HvIntrospect.Interpreter.Mmu;

/// <summary>What one TLB maintenance instruction reaches.</summary>
/// <remarks>
/// Arm Architecture Reference Manual (DDI 0487), "TLB maintenance instructions". The forms for the last level leave tables where they are
/// remembered. Where the operand says more than the addresses, by a level or a granule, what does not match it stays.
/// </remarks>
internal readonly unsafe struct TlbiRule
{
    private const int AsidShift = 48;
    private const int PageShift = 12;
    private const ulong AddressMask = (1UL << 44) - 1;
    private const ulong IpaMask = (1UL << 52) - 1;

    // The level hint: TTL of the forms by address.
    private const int HintShift = 44;

    private static readonly TlbiRule[] s_rules = Build();
    private readonly Selector _selector;

    private TlbiRule(Selector selector)
    {
        _selector = selector;
    }

    [Flags]
    private enum Selector : ushort
    {
        None = 0,
        Stage1 = 1,
        Stage2 = 2,
        Vmid = 4,
        Asid = 8,
        Va = 16,
        Ipa = 32,
        Broadcast = 64,
        Range = 128,

        // The regime: without either, EL2&0 while HCR_EL2.E2H and TGE are set, else EL1&0.
        El1 = 256,
        El2 = 512,
        Leaf = 1024,
    }

    /// <summary>Gets a value indicating whether it removes entries of Stage 1 and combined ones.</summary>
    public bool ReachesStage1 => (_selector & Selector.Stage1) != 0;

    /// <summary>Gets a value indicating whether it removes entries of Stage 2.</summary>
    public bool ReachesStage2 => (_selector & Selector.Stage2) != 0;

    /// <summary>Gets a value indicating whether it reaches every vCPU.</summary>
    public bool IsBroadcast => (_selector & Selector.Broadcast) != 0;

    /// <summary>Gets the features without which there is no such instruction.</summary>
    public A64Features Feature => (_selector & Selector.Range) != 0 ? A64Features.TLBIRANGE : A64Features.Armv8_0;

    /// <summary>Gets the rule of an instruction.</summary>
    /// <param name="operation">The instruction.</param>
    /// <returns>The rule.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="operation"/> is not one of the named values.</exception>
    public static TlbiRule Of(TlbiOperation operation) => (uint)operation < (uint)s_rules.Length
        ? s_rules[(int)operation]
        : throw new ArgumentOutOfRangeException(nameof(operation), operation, "The operation is one of the named values.");

    /// <summary>Gets which entries are reached.</summary>
    /// <param name="cpu">The vCPU that issues the instruction.</param>
    /// <param name="translator">A translator of the machine.</param>
    /// <param name="features">What the vCPU implements.</param>
    /// <param name="operand">Xt.</param>
    /// <param name="scope">The scope.</param>
    /// <returns>False when none is.</returns>
    public bool TryGetScope(CpuState* cpu, ArchitecturalTranslator translator, A64Features features, ulong operand, out TlbScope scope)
    {
        scope = default;
        TranslationRegime regime = translator.RegimeOf(cpu);
        scope.IsHost = Has(Selector.El2) || (regime.IsHost && !Has(Selector.El1));
        if (Has(Selector.Vmid) && !scope.IsHost)
        {
            scope.Vmid = translator.VmidOf(cpu);
        }

        scope.IsLastLevelOnly = Has(Selector.Leaf);

        // The EL2 regime, without E2H, has no ASIDs.
        if (Has(Selector.Asid) && (!Has(Selector.El2) || (cpu->System.HcrEl2 & (ulong)HcrBits.E2h) != 0))
        {
            ulong tcr = scope.IsHost ? cpu->System.TcrEl2 : cpu->System.TcrEl1;
            ulong asid = operand >> AsidShift;
            scope.Asid = (ushort)(new Tcr(tcr).Has(TcrBits.As) ? asid : (byte)asid);
        }

        // Descriptors of 52 bits have leaves at one level more.
        bool hasLargeDescriptors = (translator.Features & TranslationFeatures.LPA2) != 0;
        if (Has(Selector.Range))
        {
            bool isLarge = Has(Selector.Ipa) ? new Vtcr(cpu->System.VtcrEl2).HasLargeDescriptors
                : (scope.IsHost ? RegimeControls.TcrOfEl2(cpu) : new Tcr(cpu->System.TcrEl1)).Has(TcrBits.Ds);
            return TrySetRange(new TlbiRange(operand, hasLargeDescriptors && isLarge), hasLargeDescriptors, ref scope);
        }

        if (Has(Selector.Va | Selector.Ipa))
        {
            ulong page = (operand & AddressMask) << PageShift;

            // VA[55:12]; the address of an entry is sign-extended.
            scope.First = Has(Selector.Va) ? (ulong)((long)(page << 8) >> 8) : page & IpaMask;
            scope.Last = scope.First.Value;
            if ((features & A64Features.TTL) != 0)
            {
                SetHint((int)(operand >> HintShift) & 0xF, hasLargeDescriptors, ref scope);
            }
        }

        return true;
    }

    private static int GranuleShiftOf(int field) => field == 0 ? 0 : 10 + (2 * field);

    // Which levels hold leaves: a hint at any other is reserved, which means no hint.
    private static bool HoldsLeaves(int granule, int level, bool hasLargeDescriptors) => granule switch
    {
        12 => level >= (hasLargeDescriptors ? 0 : 1),
        14 => level >= (hasLargeDescriptors ? 1 : 2),
        _ => level >= 1,
    };

    private static void SetHint(int hint, bool hasLargeDescriptors, ref TlbScope scope)
    {
        int granule = GranuleShiftOf(hint >> 2);
        int level = hint & 3;
        if (granule != 0 && HoldsLeaves(granule, level, hasLargeDescriptors))
        {
            scope.GranuleShift = granule;
            scope.Level = level;
        }
    }

    private static TlbiRule[] Build()
    {
        const Selector All1 = Selector.Stage1 | Selector.Vmid;
        const Selector Ipa = Selector.Stage2 | Selector.Vmid | Selector.Ipa | Selector.El1;
        const Selector Host = Selector.Stage1 | Selector.El2;
        var local = new Dictionary<TlbiOperation, Selector>
        {
            [TlbiOperation.Alle1] = Selector.Stage1 | Selector.Stage2 | Selector.El1,
            [TlbiOperation.Alle2] = Host,
            [TlbiOperation.Vae2] = Host | Selector.Asid | Selector.Va,
            [TlbiOperation.Vale2] = Host | Selector.Asid | Selector.Va | Selector.Leaf,
            [TlbiOperation.Vmalls12E1] = All1 | Selector.Stage2 | Selector.El1,
            [TlbiOperation.Vmalle1] = All1,
            [TlbiOperation.Aside1] = All1 | Selector.Asid,
            [TlbiOperation.Vae1] = All1 | Selector.Asid | Selector.Va,
            [TlbiOperation.Vale1] = All1 | Selector.Asid | Selector.Va | Selector.Leaf,
            [TlbiOperation.Vaae1] = All1 | Selector.Va,
            [TlbiOperation.Vaale1] = All1 | Selector.Va | Selector.Leaf,
            [TlbiOperation.Ipas2E1] = Ipa,
            [TlbiOperation.Ipas2Le1] = Ipa | Selector.Leaf,
            [TlbiOperation.Rvae1] = All1 | Selector.Asid | Selector.Va | Selector.Range,
            [TlbiOperation.Rvale1] = All1 | Selector.Asid | Selector.Va | Selector.Range | Selector.Leaf,
            [TlbiOperation.Rvaae1] = All1 | Selector.Va | Selector.Range,
            [TlbiOperation.Rvaale1] = All1 | Selector.Va | Selector.Range | Selector.Leaf,
            [TlbiOperation.Rvae2] = Host | Selector.Asid | Selector.Va | Selector.Range,
            [TlbiOperation.Rvale2] = Host | Selector.Asid | Selector.Va | Selector.Range | Selector.Leaf,
            [TlbiOperation.Ripas2E1] = Ipa | Selector.Range,
            [TlbiOperation.Ripas2Le1] = Ipa | Selector.Range | Selector.Leaf,
        };
        var rules = new TlbiRule[local.Count * 2];
        foreach (KeyValuePair<TlbiOperation, Selector> rule in local)
        {
            // The enumeration lists the Inner Shareable form right behind the local one.
            rules[(int)rule.Key] = new TlbiRule(rule.Value);
            rules[(int)rule.Key + 1] = new TlbiRule(rule.Value | Selector.Broadcast);
        }

        return rules;
    }

    private bool Has(Selector selector) => (_selector & selector) != 0;

    private bool TrySetRange(TlbiRange range, bool hasLargeDescriptors, ref TlbScope scope)
    {
        if (range.Length == 0)
        {
            // A reserved granule: CONSTRAINED UNPREDICTABLE choice, nothing is removed.
            return false;
        }

        int granule = (int)range.Granule;
        int? hint = range.Level is int named && HoldsLeaves(granule, named, hasLargeDescriptors) ? named : null;
        ulong first = Has(Selector.Va) ? range.FirstVa.Value : range.FirstIpa.Value;
        if (hint is int level && (first & Tlb.RangeMask(granule + ((3 - level) * (granule - 3)))) != 0)
        {
            // A start within a leaf of the level: UNPREDICTABLE choice, nothing is removed.
            return false;
        }

        ulong last = first + (range.Length - 1);
        scope.First = first;

        // A range ends where its half of the address space does.
        scope.Last = last < first ? ulong.MaxValue : last;
        scope.GranuleShift = granule;
        scope.Level = hint;
        return true;
    }
}
