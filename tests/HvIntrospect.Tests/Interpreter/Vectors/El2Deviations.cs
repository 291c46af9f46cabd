using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;

namespace HvIntrospect.Tests.Interpreter.Vectors;

/// <summary>Where the recorded implementation and this one may differ, and why. Everything else must be equal.</summary>
internal static class El2Deviations
{
    private const int DataAbort = 0x24;
    private const int DataAbortSameEl = 0x25;
    private const int AlignmentFault = 0x21;
    private const ulong PermissionFault3 = 0xF;
    private const ulong WriteNotRead = 1UL << 6;
    private const ulong InstructionSyndrome = 0x01FF_C000;
    private const ulong CacheMaintenance = 1UL << 8;
    private const ulong AcquireRelease = 1UL << 14;

    // What an exception changes.
    private static readonly string[] s_taken =
        ["esr", "far", "hpfar", "elr", "spsr", "x", "v", "memory", "ESR_EL1", "FAR_EL1", "ELR_EL1", "SPSR_EL1"];

    private static readonly (string Why, Func<JsonElement, string, bool> Accepts)[] s_rules =
    [
        ("the core has no Performance Monitors", (line, difference) => Asm(line, "pmcr_el0", "pmccntr_el0") && Took(difference, static esr => Class(esr) == 0)),
        ("identification values are the core's own", (line, difference) => Choice(line, "model specific") && OnlyAbout(difference, "x5")),
        ("an unaligned access or DC ZVA to Device memory faults, which the recorded implementation does not always check", (line, difference) =>
            (Choice(line, "unaligned access to Device memory", "DC ZVA to Device memory", "Device memory (stage 1 off)") || (Asm(line, "dc zva") && Id(line, ":s1-device")))
            && TookAlignmentFault(difference)),
        ("a faulting access leaves no trace here: no part of it is performed", (line, difference) =>
            (Choice(line, "crosses into a faulting page", "partial store before the fault") || Id(line, "-block-cross:")) && OnlyAbout(difference, "v", "memory")),
        ("a misaligned exclusive store faults whether the monitor is set or not", (line, difference) =>
            Choice(line, "STXR without the monitor") && Id(line, ":misaligned") && TookAlignmentFault(difference)),
        ("cache maintenance by address translates, which the recorded implementation does not do", (line, difference) =>
            Choice(line, "DC CIVAC is a no-op", "trap priority of cache maintenance at EL0", "DC/IC by VA as no-ops")
            && Took(difference, static esr => (Class(esr) is DataAbort or DataAbortSameEl && (esr & CacheMaintenance) != 0) || Class(esr) is 0 or 0x18)),
        ("a misaligned stack pointer faults, which the recorded implementation does not check", (line, difference) =>
            Id(line, ":sp-misaligned") && Took(difference, static esr => Class(esr) == 0x26)),
        ("PC alignment comes before the fetch", (line, difference) => Id(line, ":pc-misaligned-unmapped") && Took(difference, static esr => Class(esr) == 0x22)),
        ("an entry that the operations do not reach stays here, and goes there", (line, _) => Choice(line, "stale TLB entry") && !MustBeFresh(line)),
        ("LDTR and STTR match a watchpoint as EL0", (line, difference) => Id(line, ":wp:pac") && Id(line, ":ldtr") && OnlyAbout(difference, "esr", "far", "elr", "x3")),
        ("LDAPR makes no instruction syndrome, which it may", (line, difference) => Asm(line, "ldapr") && OnlyBits(difference, "esr", InstructionSyndrome)),
        ("without FEAT_LSE2 a misaligned ordered access faults, which the recorded implementation does not always check", (line, difference) =>
            Choice(line, "alignment of LDAR/STLR/LDAPR") && TookAlignmentFault(difference)),
        ("the fault of a load is a read's", (line, difference) => Asm(line, "ldaxp", "ldxp") && OnlyBits(difference, "ESR_EL1", WriteNotRead)),
        ("an atomic needs both permissions of Stage 1 before Stage 2 is looked at", (line, difference) =>
            Id(line, ":s1-ro-s2-unmapped:cas") && Took(difference, static esr => Class(esr) == DataAbortSameEl && (esr & 0x7F) == (WriteNotRead | PermissionFault3))),
        ("LDLAR and STLLR are reported as acquire and release", (line, difference) => Choice(line, "ISS.AR=0 for LDLAR") && OnlyBits(difference, "esr", AcquireRelease)),
    ];

    // What the recorded core has and the machine does not.
    private static readonly (string Feature, Func<JsonElement, bool> IsNeeded)[] s_missing =
    [
        ("FEAT_BTI", line => El2Core.Of(line) == El2Core.Latest && Asm(line, "br x5", "blr x5")),
        ("the error records of FEAT_RAS", line => Asm(line, "S3_0_C5_C3_0")),
        ("FEAT_IDST", line => El2Core.Of(line) == El2Core.Latest && Id(line, ":TID") && Id(line, ":el0:")),
    ];

    /// <summary>Tells why a case is not played.</summary>
    /// <returns>The reason, or null.</returns>
    public static string? SkipReason(JsonElement line)
    {
        return line.TryGetProperty("qemu_wrong", out _) ? "known to contradict the architecture"
            : line.TryGetProperty("alt", out _) ? "another line has the newer answer"
            : s_missing.FirstOrDefault(missing => missing.IsNeeded(line)).Feature is string feature ? "needs " + feature
            : null;
    }

    /// <summary>Tells why a difference is accepted.</summary>
    /// <returns>The reason, or null when it is a failure.</returns>
    public static string? Explain(JsonElement line, string difference) => s_rules.FirstOrDefault(rule => rule.Accepts(line, difference)).Why;

    private static bool Asm(JsonElement line, params string[] texts) =>
        texts.Any(text => line.GetProperty("asm").GetString()!.Contains(text, StringComparison.OrdinalIgnoreCase));

    private static bool Id(JsonElement line, string text) => line.GetProperty("id").GetString()!.Contains(text, StringComparison.Ordinal);

    private static bool Choice(JsonElement line, params string[] texts) =>
        line.TryGetProperty("impl_choice", out JsonElement choice) && texts.Any(text => choice.GetString()!.Contains(text, StringComparison.Ordinal));

    private static int Class(ulong esr) => (int)(esr >> 26);

    private static bool TookAlignmentFault(string difference) =>
        Took(difference, static esr => Class(esr) is DataAbort or DataAbortSameEl && (esr & 0x3F) == AlignmentFault);

    // The exception that was taken instead of what was recorded, at EL2 or at EL1, is of a kind; what else differs follows from it.
    private static bool Took(string difference, Func<ulong, bool> isOfKind) =>
        OnlyAbout(difference, s_taken)
        && Entries(difference).Any(entry => entry.StartsWith("esr", StringComparison.OrdinalIgnoreCase) && isOfKind(Value(entry, "got ")));

    private static bool OnlyBits(string difference, string name, ulong bits) =>
        Entries(difference).All(entry => entry.StartsWith(name + " ", StringComparison.Ordinal) && ((Value(entry, "expected ") ^ Value(entry, "got ")) & ~bits) == 0);

    // "name expected 0x1, got 0x2"
    private static ulong Value(string entry, string which)
    {
        string text = entry[(entry.IndexOf(which, StringComparison.Ordinal) + which.Length)..].Split(',')[0];
        return El2World.Number(text);
    }

    // A difference is "step n: " and then entries that each start with a name and end with a semicolon.
    private static string[] Entries(string difference) => difference[(difference.IndexOf(": ", StringComparison.Ordinal) + 2)..]
        .Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static bool OnlyAbout(string difference, params string[] names) =>
        Entries(difference).All(entry => names.Any(name => entry.StartsWith(name, StringComparison.Ordinal)));

    // Both stages of the page must have been invalidated.
    private static bool MustBeFresh(JsonElement line)
    {
        HashSet<string> operations = [.. line.GetProperty("steps").EnumerateArray()
            .Where(step => step.GetProperty("do").GetString() == "tlbi")
            .Select(step => step.GetProperty("op").GetString()!)
            .Select(name => name.EndsWith("IS", StringComparison.Ordinal) ? name[..^2] : name)];
        bool isPageReached = !Id(line, "otherpage");
        return operations.Overlaps(["VMALLS12E1", "ALLE1"])
            || (isPageReached && operations.Overlaps(["IPAS2E1", "IPAS2LE1"]) && operations.Contains("VMALLE1"))
            || (Id(line, ":s1-") && operations.Contains("VMALLE1"));
    }
}
