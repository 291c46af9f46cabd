using System;
using System.Text.Json;
using HvIntrospect.Registers;
using HvIntrospect.Translation;

namespace HvIntrospect.Samples.El2Replay;

/// <summary>A core that cases were recorded on, as the machine can be made.</summary>
/// <param name="Name">The name of the recorded model.</param>
/// <param name="Features">What it implements, as far as the machine models it.</param>
/// <param name="Translation">What it implements of address translation.</param>
/// <param name="AddressBits">Its physical address size.</param>
internal sealed record Core(string Name, A64Features Features, TranslationFeatures Translation, int AddressBits)
{
    private const A64Features Armv8_0 = A64Features.Armv8_0 | A64Features.CRC32;
    private const A64Features Armv8_2 = A64Features.Armv8_2 | A64Features.LRCPC | A64Features.SSBS;

    private static readonly Core[] s_all =
    [
        new("cortex-a53", Armv8_0, TranslationFeatures.None, 40),
        new("cortex-a72", Armv8_0, TranslationFeatures.None, 44),
        new("neoverse-n1", Armv8_2, TranslationFeatures.HAFDBS, 48),
        new("max", Armv8_2 | A64Features.LRCPC2 | A64Features.LSE2 | A64Features.TTL | A64Features.TLBIOS | A64Features.TLBIRANGE, TranslationFeatures.HAFDBS, 52),
    ];

    /// <summary>Gets the core of a line: <c>cpu</c>, or of those in <c>on</c> with the newest version the smallest one.</summary>
    public static Core Of(JsonElement line)
    {
        if (line.TryGet("cpu", out JsonElement cpu))
        {
            return Array.Find(s_all, core => core.Name == cpu.Text()) ?? throw new BadCaseException($"there is no core '{cpu.Text()}'");
        }

        Version newest = new(0, 0);
        int smallest = s_all.Length;
        foreach (JsonElement on in line.Items("on"))
        {
            // qemu-10.0.2/cortex-a53
            string[] parts = on.Text()?.Split('-', '/') ?? [];
            int core = parts.Length < 3 ? -1 : Array.FindIndex(s_all, core => core.Name == string.Join('-', parts[2..]));
            if (core >= 0 && Version.TryParse(parts[1], out Version? version) && (version > newest || (version == newest && core < smallest)))
            {
                newest = version;
                smallest = core;
            }
        }

        return smallest < s_all.Length ? s_all[smallest] : throw new BadCaseException("'on' names no known core");
    }
}
