using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;

namespace HvIntrospect.Tests.Interpreter.Vectors;

/// <summary>Where the recorded implementation and this one may differ, and why. Everything else must be equal.</summary>
internal static class El2Deviations
{
    /// <summary>What the machine does not have yet: whole classes.</summary>
    private static readonly string[] s_missingClasses =
    [
        "A.simd-struct/", // LD1 to LD4 and ST1 to ST4
        "B.bp",           // breakpoints do not hit
        "B.wp",           // watchpoints do not hit
        "C.vhe",          // the EL2&0 regime
    ];

    private static readonly (string Why, Func<JsonElement, string, bool> Accepts)[] s_rules =
    [
        ("uses instructions that the machine does not have yet", (line, _) => Asm(line, "ld1 ", "movi ", "fmov ", "fadd ")),
        ("the core has no Performance Monitors", (line, _) => Asm(line, "pmcr_el0", "pmccntr_el0")),
        ("identification values are the core's own", (line, difference) => Choice(line, "model specific") && OnlyAbout(difference, "x5")),
        ("an unaligned access or DC ZVA to Device memory faults, which the recorded implementation does not always check", (line, _) =>
            Choice(line, "unaligned access to Device memory", "DC ZVA to Device memory", "Device memory (stage 1 off)")
            || (Asm(line, "dc zva") && Id(line, ":s1-device"))),
        ("a faulting access leaves no trace here: no part of it is performed", (line, difference) =>
            (Choice(line, "crosses into a faulting page", "partial store before the fault") || Id(line, "-block-cross:")) && OnlyAbout(difference, "v", "memory")),
        ("a misaligned exclusive store faults whether the monitor is set or not", (line, _) => Choice(line, "STXR without the monitor") && Id(line, ":misaligned")),
        ("cache maintenance by address translates, which the recorded implementation does not do", (line, _) =>
            Choice(line, "DC CIVAC is a no-op", "trap priority of cache maintenance at EL0", "DC/IC by VA as no-ops")),
        ("a misaligned stack pointer faults, which the recorded implementation does not check", (line, _) => Id(line, ":sp-misaligned")),
        ("PC alignment comes before the fetch", (line, _) => Id(line, ":pc-misaligned-unmapped")),
        ("an entry that the operations do not reach stays here, and goes there", (line, _) => Choice(line, "stale TLB entry") && !MustBeFresh(line)),
    ];

    /// <summary>Tells why a case is not played.</summary>
    /// <returns>The reason, or null.</returns>
    public static string? SkipReason(JsonElement line)
    {
        string cls = line.GetProperty("cls").GetString()!;
        return line.TryGetProperty("qemu_wrong", out _) ? "known to contradict the architecture"
            : line.TryGetProperty("alt", out _) ? "another line has the newer answer"
            : !line.GetProperty("on").EnumerateArray().Any(on => on.GetString()!.EndsWith("cortex-a53", StringComparison.Ordinal) || on.GetString()!.EndsWith("cortex-a72", StringComparison.Ordinal))
                ? "needs features beyond Armv8.0"
            : s_missingClasses.Any(missing => cls.StartsWith(missing, StringComparison.Ordinal)) ? "not implemented yet"
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

    // A difference is "step n: " and then entries that each start with a name and end with a semicolon.
    private static bool OnlyAbout(string difference, params string[] names) => difference[(difference.IndexOf(": ", StringComparison.Ordinal) + 2)..]
        .Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        .All(entry => names.Any(name => entry.StartsWith(name, StringComparison.Ordinal)));

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
