using System;
using System.Text.Json;
using HvIntrospect.Interpreter;

namespace HvIntrospect.Samples.El2Replay;

/// <summary>A core that cases were recorded on, as the machine can be made.</summary>
/// <param name="Name">The name of the recorded model.</param>
/// <param name="Model">What it is here.</param>
/// <param name="AddressBits">Its physical address size.</param>
internal sealed record Core(string Name, CoreModel Model, int AddressBits)
{
    private static readonly Core[] s_all =
    [
        new("cortex-a53", CoreModel.Armv8_0, 40),
        new("cortex-a72", CoreModel.Armv8_0, 44),
        new("neoverse-n1", CoreModel.Armv8_2, 48),
        new("max", CoreModel.Max, 52),
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
