using System.Collections.Generic;
using HvIntrospect.Registers;

namespace HvIntrospect.Interpreter.Operations.SystemInstructions;

/// <summary>The SYS instructions of EL0 and EL1, by encoding. Those of EL2 are UNDEFINED to the guest.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "A64 System instruction class".</remarks>
internal static class SystemInstructionTable
{
    private static readonly Dictionary<ushort, SystemInstructionRule> s_rules = Build();

    /// <summary>Finds the rule of an instruction.</summary>
    /// <param name="instruction">The encoding.</param>
    /// <param name="features">What the core implements.</param>
    /// <returns>The rule, or null where there is no such instruction.</returns>
    public static SystemInstructionRule? Find(SystemRegister instruction, A64Features features) =>
        s_rules.TryGetValue(instruction.Encoding, out SystemInstructionRule? rule) && (rule.Feature & ~features) == 0 ? rule : null;

    private static Dictionary<ushort, SystemInstructionRule> Build()
    {
        var rules = new Dictionary<ushort, SystemInstructionRule>();
        foreach (List<SystemInstructionRule> room in new[] { Caches(), Translations(), TlbMaintenance() })
        {
            foreach (SystemInstructionRule rule in room)
            {
                rules.Add(rule.Instruction.Encoding, rule);
            }
        }

        return rules;
    }

    private static List<SystemInstructionRule> Caches() =>
    [
        new(Sys(0, 7, 1, 0), SystemInstructionKind.InstructionCache, TrapGroup.InnerInstructionCache),         // IC IALLUIS
        new(Sys(0, 7, 5, 0), SystemInstructionKind.InstructionCache, TrapGroup.CacheToUnification),         // IC IALLU
        new(Sys(0, 7, 6, 1), SystemInstructionKind.CacheInvalidation, TrapGroup.CacheToCoherency),          // DC IVAC
        new(Sys(0, 7, 6, 2), SystemInstructionKind.Nothing, TrapGroup.CacheBySetWay),                       // DC ISW
        new(Sys(0, 7, 10, 2), SystemInstructionKind.Nothing, TrapGroup.CacheBySetWay),                      // DC CSW
        new(Sys(0, 7, 14, 2), SystemInstructionKind.Nothing, TrapGroup.CacheBySetWay),                      // DC CISW
        ByAddress(5, TrapGroup.CacheToUnification, SystemInstructionKind.InstructionCacheLine),             // IC IVAU
        ByAddress(10, TrapGroup.CacheToCoherency),                                                          // DC CVAC
        ByAddress(11, TrapGroup.CacheToUnification),                                                        // DC CVAU
        ByAddress(12, TrapGroup.CacheToCoherency, feature: A64Features.DPB),                                         // DC CVAP
        ByAddress(13, TrapGroup.CacheToCoherency, feature: A64Features.DPB2),                                        // DC CVADP
        ByAddress(14, TrapGroup.CacheToCoherency),                                                          // DC CIVAC
        Block(1, SystemInstructionKind.CacheZero, A64Features.Armv8_0),                                     // DC ZVA
        Block(3, SystemInstructionKind.CacheTag, A64Features.MTE),                                          // DC GVA
        Block(4, SystemInstructionKind.CacheZeroAndTag, A64Features.MTE),                                   // DC GZVA
        .. OfTags(3),
        .. OfTags(5),
    ];

    // The maintenance of Allocation Tags (op2 3 and 4 by address and by set and way) and of data with them (5 and 6).
    private static SystemInstructionRule[] OfTags(int op2) =>
    [
        new(Sys(0, 7, 6, op2), SystemInstructionKind.CacheInvalidation, TrapGroup.CacheToCoherency) { Feature = A64Features.MTE2 },  // DC IGVAC
        new(Sys(0, 7, 6, op2 + 1), SystemInstructionKind.Nothing, TrapGroup.CacheBySetWay) { Feature = A64Features.MTE2 },           // DC IGSW
        new(Sys(0, 7, 10, op2 + 1), SystemInstructionKind.Nothing, TrapGroup.CacheBySetWay) { Feature = A64Features.MTE2 },          // DC CGSW
        new(Sys(0, 7, 14, op2 + 1), SystemInstructionKind.Nothing, TrapGroup.CacheBySetWay) { Feature = A64Features.MTE2 },          // DC CIGSW
        ByAddress(10, TrapGroup.CacheToCoherency, feature: A64Features.MTE, op2: op2),                                               // DC CGVAC
        ByAddress(12, TrapGroup.CacheToCoherency, feature: A64Features.MTE, op2: op2),                                               // DC CGVAP
        ByAddress(13, TrapGroup.CacheToCoherency, feature: A64Features.MTE | A64Features.DPB2, op2: op2),                            // DC CGVADP
        ByAddress(14, TrapGroup.CacheToCoherency, feature: A64Features.MTE, op2: op2),                                               // DC CIGVAC
    ];

    private static List<SystemInstructionRule> Translations() =>
    [
        Translate(8, 0, 1, isWrite: false),
        Translate(8, 1, 1, isWrite: true),
        Translate(8, 2, 0, isWrite: false),
        Translate(8, 3, 0, isWrite: true),
        Translate(9, 0, 1, isWrite: false, usesPan: true),
        Translate(9, 1, 1, isWrite: true, usesPan: true),
    ];

    private static List<SystemInstructionRule> TlbMaintenance()
    {
        (int Op2, TlbiOperation Local)[] forms =
        [
            (0, TlbiOperation.Vmalle1), (1, TlbiOperation.Vae1), (2, TlbiOperation.Aside1), (3, TlbiOperation.Vaae1), (5, TlbiOperation.Vale1), (7, TlbiOperation.Vaale1),
        ];
        (int Op2, TlbiOperation Local)[] ranges =
            [(1, TlbiOperation.Rvae1), (3, TlbiOperation.Rvaae1), (5, TlbiOperation.Rvale1), (7, TlbiOperation.Rvaale1)];
        var rules = new List<SystemInstructionRule>();

        // CRn 9 are the nXS forms. The enumeration lists the Inner Shareable form behind the local one; the Outer Shareable domain has no one else in it.
        foreach ((int crn, A64Features xs) in new[] { (8, A64Features.Armv8_0), (9, A64Features.XS) })
        {
            foreach ((int op2, TlbiOperation local) in forms)
            {
                rules.Add(Tlbi(crn, 7, op2, local, xs));
                rules.Add(Tlbi(crn, 3, op2, local + 1, xs));
                rules.Add(Tlbi(crn, 1, op2, local + 1, xs | A64Features.TLBIOS));
            }

            foreach ((int op2, TlbiOperation local) in ranges)
            {
                rules.Add(Tlbi(crn, 6, op2, local, xs | A64Features.TLBIRANGE));
                rules.Add(Tlbi(crn, 2, op2, local + 1, xs | A64Features.TLBIRANGE));
                rules.Add(Tlbi(crn, 5, op2, local + 1, xs | A64Features.TLBIRANGE | A64Features.TLBIOS));
            }
        }

        return rules;
    }

    private static SystemRegister Sys(int op1, int crn, int crm, int op2) => new(1, op1, crn, crm, op2);

    private static SystemInstructionRule Block(int op2, SystemInstructionKind kind, A64Features feature) =>
        new(Sys(3, 7, 4, op2), kind, TrapGroup.CacheZero) { Condition = AccessCondition.CacheZero, Feature = feature };

    private static SystemInstructionRule ByAddress(
        int crm, TrapGroup trap, SystemInstructionKind kind = SystemInstructionKind.CacheMaintenance, A64Features feature = A64Features.Armv8_0, int op2 = 1) =>
        new(Sys(3, 7, crm, op2), kind, trap) { Condition = AccessCondition.CacheMaintenance, Feature = feature };

    private static SystemInstructionRule Translate(int crm, int op2, int level, bool isWrite, bool usesPan = false) =>
        new(Sys(0, 7, crm, op2), SystemInstructionKind.AddressTranslation, TrapGroup.None)
        {
            TranslatedLevel = level,
            IsWrite = isWrite,
            UsesPan = usesPan,
            Feature = usesPan ? A64Features.PAN | A64Features.UAO : A64Features.Armv8_0,
        };

    private static SystemInstructionRule Tlbi(int crn, int crm, int op2, TlbiOperation operation, A64Features feature)
    {
        // CRm tells the domain: 1 and 5 Outer Shareable, 2 and 3 Inner Shareable.
        TrapGroup trap = crm switch
        {
            1 or 5 => TrapGroup.OuterTlbMaintenance,
            2 or 3 => TrapGroup.InnerTlbMaintenance,
            _ => TrapGroup.TlbMaintenance,
        };
        return new(Sys(0, crn, crm, op2), SystemInstructionKind.TlbMaintenance, trap) { Tlbi = operation, Feature = feature };
    }
}
