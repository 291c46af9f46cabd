using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using HvIntrospect.Registers;

namespace HvIntrospect.Tests.Interpreter.Vectors;

/// <summary>Every place where the recorded implementation and this one may differ. Each names fields and their values; everything else must be equal.</summary>
internal static class VectorChoices
{
    private const int DataAbort = 0x24;
    private const int DataAbortSameEl = 0x25;
    private const int AlignmentStatus = 0x21;
    private const ulong WriteNotRead = 1UL << 6;
    private const ulong CacheMaintenance = 1UL << 8;
    private const ulong AcquireRelease = 1UL << 14;
    private const ulong EndOfPayload = 0x5A00_007F;
    private const ulong Unwritable = 0;

    private static readonly VectorChoice[] s_choices =
    [
        new(
            "MDCR_EL2.TPMCR traps PMCR_EL0, which the recorded implementation does not do",
            static line => line.IsId(":TPMCR:") && line.IsAsm("pmcr_el0"),
            Values("esr", 0x6230_E4B9), Values("ec", 0x18), new("elr", static (line, difference) => IsIn(difference.Observed, line.StartPc, 0)), Absent("x/5")),
        new("the value of a counter is not comparable", static line => line.IsChoice("counter values are not comparable"), new AllowedField("x/5", static (_, _) => true)),
        new("the AArch32 identification registers are UNKNOWN on a core without AArch32", static line => line.IsAsm("mvfr0_el1"), Values("x/5", 0)),
        new(
            "an unaligned access or DC ZVA to Device memory faults, which the recorded implementation does not always check",
            static line => line.IsChoice("unaligned access to Device memory", "DC ZVA to Device memory", "Device memory (stage 1 off)") || (line.IsAsm("dc zva") && line.IsId(":s1-device")),
            [.. TakenToEl1(IsAlignment, InPageOfAddress), .. TakenToEl2(IsAlignment)]),
        new(
            "a faulting access leaves no trace here: no part of it is performed",
            static line => line.IsChoice("crosses into a faulting page", "partial store before the fault") || line.IsId("-block-cross:"),
            Absent("v/*"), Absent("0x*")),
        new(
            "of an access that crosses pages, and of DC ZVA, only the page of FAR is fixed",
            static line => line.IsChoice("crosses into a faulting page", "FAR may be any address in the block"),
            SamePage("far")),
        new(
            "a misaligned exclusive store faults whether the monitor is set or not",
            static line => line.IsChoice("STXR without the monitor") && line.IsId(":misaligned"), [.. TakenToEl1(IsAlignment, InPageOfAddress)]),
        new(
            "cache maintenance by address translates, which the recorded implementation does not do",
            static line => line.IsChoice("DC CIVAC is a no-op", "trap priority of cache maintenance at EL0", "DC/IC by VA as no-ops"),
            [.. TakenToEl1(static esr => Class(esr) is DataAbort or DataAbortSameEl && (esr & CacheMaintenance) != 0, InPageOfAddress)]),
        new(
            "a misaligned stack pointer faults, which the recorded implementation does not check",
            static line => line.IsId(":sp-misaligned"), [.. TakenToEl1(static esr => Class(esr) == 0x26, Unchanged)]),
        new(
            "PC alignment comes before the fetch",
            static line => line.IsId(":pc-misaligned-unmapped"),
            [.. TakenToEl1(static esr => Class(esr) == 0x22, static (_, difference) => (VectorCase.Number(difference.Observed) & 3) != 0)]),
        new(
            "an entry that the operations do not reach stays here, and goes there",
            static line => line.IsChoice("stale TLB entry") && !MustBeFresh(line),
            Values("esr", EndOfPayload), Values("ec", 0x16), new("elr", IsPastPayload), Text("far", "unwritten"), Text("hpfar", "unwritten"), new("x/4", IsOldWord), Absent("el1/*")),
        new(
            "LDTR and STTR match a watchpoint as EL0",
            static line => line.IsId(":wp:pac") && line.IsId(":ldtr"),
            Values("esr", EndOfPayload, 0xD200_0022), Values("ec", 0x16, 0x34), new("far", IsFarOfWatchpoint), new("elr", static (line, difference) => IsIn(difference.Observed, line.StartPc, 8)),
            new("x/3", static (_, _) => true)),
        new("the fault of a load is a read's", static line => line.IsAsm("ldaxp", "ldxp"), Bits("el1/esr", WriteNotRead)),
        new(
            "an atomic needs both permissions of Stage 1 before Stage 2 is looked at",
            static line => line.IsId(":s1-ro-s2-unmapped:cas"), [.. TakenToEl1(static esr => Class(esr) == DataAbortSameEl && (esr & 0x7F) == (WriteNotRead | 0xF), InPageOfAddress)]),
        new("LDLAR and STLLR are reported as acquire and release", static line => line.IsChoice("ISS.AR=0 for LDLAR"), Bits("esr", AcquireRelease)),

        new(
            "the older version reports the stage 1 level for a stage 2 fault of a walk",
            static line => line.Class == "D", new AllowedField("par", static (line, difference) => IsOnlyOld(line, difference) && IsSameFaultOfWalk(difference))),
        new(
            "the recorded implementation reports a wrong level for HCR_EL2.PTW, and applies it without stage 2",
            static line => line.IsChoice("HCR_EL2.PTW=1"),
            new AllowedField("par", static (line, difference) => IsSameFaultOfWalk(difference) || IsFaultWithoutStage2(line, difference)),
            new AllowedField("esr", static (_, difference) => ((VectorCase.Number(difference.Recorded) ^ VectorCase.Number(difference.Observed)) & ~3UL) == 0)),
        new(
            "where the older version sees no mapping, the recorder could not keep a store from changing the word that is fetched next",
            static line => line.IsChoice("QEMU 7.2 validates SL0"),
            new AllowedField("esr", IsWordAfterStore), new AllowedField("elr", IsWordAfterStore), new AllowedField("el1/*", IsWordAfterStore)),
        new(
            "an address translation does not set Access flags and dirty states here, as it may",
            static line => line.IsChoice("hardware AF/DBM update on AT is CONSTRAINED"), Absent("mem_after_at/*")),
        new(
            "PAR_EL1 may report what an implementation makes of a Device type, which may be a stronger one",
            static line => line.Class == "D", new AllowedField("par", static (_, difference) => IsStrongerDevice(difference))),
    ];

    /// <summary>Tells why a line is not compared.</summary>
    /// <returns>The reason, or null.</returns>
    public static string? SkipReason(VectorCase line) =>
        line.Json.TryGetProperty("qemu_wrong", out _) ? "known to contradict the architecture" : null;

    /// <summary>Tells whether a difference is allowed.</summary>
    public static bool Allow(VectorCase line, Difference difference) => Array.Exists(
        s_choices, choice => Array.Exists(choice.Fields, field => field.IsAt(difference.Path)) && choice.Applies(line)
            && Array.Exists(choice.Fields, field => field.IsAt(difference.Path) && field.Accepts(line, difference)))
        || IsNewer(line, difference);

    /// <summary>Tells whether a choice names a field of a line, so that its recorded value is not the only one.</summary>
    public static bool IsNamed(VectorCase line, string path) => Array.Exists(
        s_choices, choice => Array.Exists(choice.Fields, field => field.IsAt(path)) && choice.Applies(line));

    // What only an older version gave may be what the newer one gives: the field has the newer value, or one that is allowed instead of that.
    private static bool IsNewer(VectorCase line, Difference difference)
    {
        if (line.Newer is not VectorCase newer)
        {
            return false;
        }

        var replaced = difference with { Recorded = newer.Recorded(difference.Path) };
        return Observations.IgnoredOf(newer.Json).Contains(difference.Path) || Observations.AreEqual(replaced.Recorded, replaced.Observed) || Allow(newer, replaced);
    }

    private static int Class(ulong esr) => (int)(esr >> 26);

    private static bool IsAlignment(ulong esr) => Class(esr) is DataAbort or DataAbortSameEl && (esr & 0x3F) == AlignmentStatus;

    // An exception that is taken to EL1 instead of what was recorded, and seen as the HVC of its vector. Nothing else is changed by it.
    private static AllowedField[] TakenToEl1(Func<ulong, bool> esr, Func<VectorCase, Difference, bool> far) =>
    [
        Values("esr", 0x5A00_0104, 0x5A00_0108),
        Values("ec", 0x16),
        new("elr", static (_, difference) => (VectorCase.Number(difference.Observed) & 0x7FF) is 0x204 or 0x404),
        Values("spsr", 0x3C5),
        Text("far", "unwritten"),
        Text("hpfar", "unwritten"),
        new("el1/esr", (_, difference) => difference.Observed is string value && esr(VectorCase.Number(value))),
        new("el1/far", (line, difference) => difference.Observed is not null && far(line, difference)),
        new("el1/elr", static (line, difference) => difference.Observed is string value
            && (IsIn(value, line.StartPc, 8) || (VectorCase.Number(value) & 3) != 0)),
        new("el1/spsr", static (line, difference) => difference.Observed is string value && (VectorCase.Number(value) & ~0xF000_0000UL) == line.StartSpsr),
        Absent("x/*"),
        Absent("v/*"),
        Absent("0x*"),
    ];

    private static AllowedField[] TakenToEl2(Func<ulong, bool> esr) =>
    [
        new("esr", (_, difference) => esr(VectorCase.Number(difference.Observed))),
        Values("ec", DataAbort),
        new("elr", static (line, difference) => IsIn(difference.Observed, line.StartPc, 8)),
        new("far", InPageOfAddress),
        new("hpfar", static (_, _) => true),
    ];

    private static AllowedField Values(string name, params ulong[] values) =>
        new(name, (_, difference) => difference.Observed is string value && values.Contains(VectorCase.Number(value)));

    private static AllowedField Text(string name, string value) => new(name, (_, difference) => difference.Observed == value);

    private static AllowedField Absent(string name) => new(name, static (_, difference) => difference.Observed is null);

    private static AllowedField SamePage(string name) => new(name, static (_, difference) =>
        difference is { Recorded: string recorded, Observed: string observed } && recorded.StartsWith("0x", StringComparison.Ordinal)
        && observed.StartsWith("0x", StringComparison.Ordinal) && VectorCase.Number(recorded) >> 12 == VectorCase.Number(observed) >> 12);

    private static AllowedField Bits(string name, ulong bits) => new(name, (_, difference) =>
        difference is { Recorded: string recorded, Observed: string observed } && ((VectorCase.Number(recorded) ^ VectorCase.Number(observed)) & ~bits) == 0);

    private static bool Unchanged(VectorCase line, Difference difference) => VectorCase.Number(difference.Observed) == Unwritable;

    private static bool InPageOfAddress(VectorCase line, Difference difference) =>
        difference.Observed is string value && value.StartsWith("0x", StringComparison.Ordinal)
        && Array.Exists(line.Addresses, address => VectorCase.Number(value) - (address & ~0xFFFUL) + 0x1000 < 0x3000);

    private static bool IsIn(string? value, ulong start, ulong length) => value is not null && VectorCase.Number(value) - start <= length;

    private static bool IsPastPayload(VectorCase line, Difference difference) => difference.Observed == "0x" + (line.StartPc + 16).ToString("x");

    // What the same address held in the first run.
    private static bool IsOldWord(VectorCase line, Difference difference) => difference.Observed is not null && difference.Observed == line.Recorded("steps/0/x/3");

    private static bool IsFarOfWatchpoint(VectorCase line, Difference difference) => difference.Observed == "unwritten" || InPageOfAddress(line, difference);

    private static bool IsWordAfterStore(VectorCase line, Difference difference)
    {
        string[] parts = difference.Path.Split('/');
        int index = int.Parse(parts[1]);
        JsonElement queries = line.Json.GetProperty("acc");
        return index > 0 && queries[index - 1][0].GetString() == "str" && queries[index][0].GetString() == "fetch"
            && queries[index - 1][1].GetString() == queries[index][1].GetString()
            && parts[2] switch
            {
                "esr" => difference.Recorded == "0x5a000104" && Class(VectorCase.Number(difference.Observed)) == 0x16,
                "elr" => VectorCase.Number(difference.Observed) == VectorCase.Number(queries[index][1].GetString()) + 4,
                _ => difference.Observed is null,
            };
    }

    private static bool IsOnlyOld(VectorCase line, Difference difference) =>
        line.Query(difference.Path) is JsonElement query && query.GetArrayLength() > 3 && query[3].TryGetProperty("only", out _);

    private static bool IsFaultWithoutStage2(VectorCase line, Difference difference)
    {
        var recorded = new Par(VectorCase.Number(difference.Recorded));
        return IsOnlyOld(line, difference) && (line.Register("HCR_EL2") & (ulong)HcrBits.Vm) == 0
            && recorded.IsFault && recorded.IsStage1Walk && recorded.IsStage2 && recorded.Status.Kind == FaultKind.Permission;
    }

    private static bool IsSameFaultOfWalk(Difference difference)
    {
        var recorded = new Par(VectorCase.Number(difference.Recorded));
        var observed = new Par(VectorCase.Number(difference.Observed));
        return recorded.IsFault && observed.IsFault && recorded.IsStage1Walk && observed.IsStage1Walk && observed.IsStage2 && recorded.Status.Kind == observed.Status.Kind;
    }

    private static bool IsStrongerDevice(Difference difference)
    {
        var recorded = new Par(VectorCase.Number(difference.Recorded));
        var observed = new Par(VectorCase.Number(difference.Observed));
        return !recorded.IsFault && !observed.IsFault && recorded.Attributes < 0x10 && observed.Attributes < 0x10 && recorded.Attributes < observed.Attributes
            && (recorded.Value << 8) == (observed.Value << 8);
    }

    // Both stages of the page must have been invalidated.
    private static bool MustBeFresh(VectorCase line)
    {
        HashSet<string> operations = [.. line.Json.GetProperty("steps").EnumerateArray()
            .Where(static step => step.GetProperty("do").GetString() == "tlbi")
            .Select(static step => step.GetProperty("op").GetString()!)
            .Select(static name => name.EndsWith("IS", StringComparison.Ordinal) ? name[..^2] : name)];
        bool isPageReached = !line.IsId("otherpage");
        return operations.Overlaps(["VMALLS12E1", "ALLE1"])
            || (isPageReached && operations.Overlaps(["IPAS2E1", "IPAS2LE1"]) && operations.Contains("VMALLE1"))
            || (line.IsId(":s1-") && operations.Contains("VMALLE1"));
    }
}
