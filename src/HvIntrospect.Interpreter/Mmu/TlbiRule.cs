using System;
using System.Collections.Generic;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Mmu;

/// <summary>What one TLB maintenance instruction reaches.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "TLB maintenance instructions". No entries of intermediate levels are kept, so that the forms for the last level equal those for all.</remarks>
internal readonly unsafe struct TlbiRule
{
    private const int AsidShift = 48;
    private const ulong AddressMask = (1UL << 44) - 1;
    private static readonly TlbiRule[] s_rules = Build();
    private readonly Selector _selector;

    private TlbiRule(Selector selector)
    {
        _selector = selector;
    }

    [Flags]
    private enum Selector : byte
    {
        None = 0,
        Stage1 = 1,
        Stage2 = 2,
        Vmid = 4,
        Asid = 8,
        Va = 16,
        Ipa = 32,
        Broadcast = 64,
    }

    /// <summary>Gets a value indicating whether it removes entries of Stage 1 and combined ones.</summary>
    public bool ReachesStage1 => (_selector & Selector.Stage1) != 0;

    /// <summary>Gets a value indicating whether it removes entries of Stage 2.</summary>
    public bool ReachesStage2 => (_selector & Selector.Stage2) != 0;

    /// <summary>Gets a value indicating whether it reaches every vCPU.</summary>
    public bool IsBroadcast => (_selector & Selector.Broadcast) != 0;

    /// <summary>Gets the rule of an instruction.</summary>
    /// <param name="operation">The instruction.</param>
    /// <returns>The rule.</returns>
    public static TlbiRule Of(TlbiOperation operation) => s_rules[(int)operation];

    /// <summary>Gets which entries are reached.</summary>
    /// <param name="cpu">The vCPU that issues the instruction.</param>
    /// <param name="translator">A translator of the machine.</param>
    /// <param name="operand">Xt.</param>
    /// <returns>The scope.</returns>
    public TlbScope Scope(CpuState* cpu, ArchitecturalTranslator translator, ulong operand)
    {
        TlbScope scope = default;
        ulong page = (operand & AddressMask) << 12;
        if ((_selector & Selector.Vmid) != 0)
        {
            scope.Vmid = translator.CurrentVmid(cpu);
        }

        if ((_selector & Selector.Asid) != 0)
        {
            scope.Asid = ArchitecturalTranslator.EffectiveAsid(cpu, (ushort)(operand >> AsidShift));
        }

        if ((_selector & Selector.Va) != 0)
        {
            // VA[55:12]; the address of an entry is sign-extended.
            scope.Address = (ulong)((long)(page << 8) >> 8);
        }
        else if ((_selector & Selector.Ipa) != 0)
        {
            scope.Address = page & ((1UL << 48) - 1);
        }

        return scope;
    }

    private static TlbiRule[] Build()
    {
        const Selector All1 = Selector.Stage1 | Selector.Vmid;
        var local = new Dictionary<TlbiOperation, Selector>
        {
            [TlbiOperation.Alle1] = Selector.Stage1 | Selector.Stage2,
            [TlbiOperation.Alle2] = Selector.None,
            [TlbiOperation.Vae2] = Selector.None,
            [TlbiOperation.Vmalls12E1] = All1 | Selector.Stage2,
            [TlbiOperation.Vmalle1] = All1,
            [TlbiOperation.Aside1] = All1 | Selector.Asid,
            [TlbiOperation.Vae1] = All1 | Selector.Asid | Selector.Va,
            [TlbiOperation.Vale1] = All1 | Selector.Asid | Selector.Va,
            [TlbiOperation.Vaae1] = All1 | Selector.Va,
            [TlbiOperation.Vaale1] = All1 | Selector.Va,
            [TlbiOperation.Ipas2E1] = Selector.Stage2 | Selector.Vmid | Selector.Ipa,
            [TlbiOperation.Ipas2Le1] = Selector.Stage2 | Selector.Vmid | Selector.Ipa,
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
}
