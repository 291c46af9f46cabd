using System;
using System.Linq;
using System.Text.Json;
using HvIntrospect.Registers;

namespace HvIntrospect.Tests.Interpreter.Vectors;

/// <summary>A core that the EL2 vectors were recorded on, as the machine can be made.</summary>
/// <param name="Name">The name of the recorded model.</param>
/// <param name="Features">What it implements, as far as the machine models it and the cases show it.</param>
/// <param name="AddressBits">Its physical address size.</param>
internal sealed record El2Core(string Name, A64Features Features, int AddressBits)
{
    // FEAT_BTI and FEAT_IDST are missing: the cases that show them are not played.
    public static readonly El2Core Latest = new("max", Armv8_2 | A64Features.LRCPC2 | A64Features.LSE2, 48);

    private const A64Features Armv8_0 = A64Features.Armv8_0 | A64Features.CRC32;
    private const A64Features Armv8_2 = A64Features.Armv8_2 | A64Features.LRCPC | A64Features.SSBS;
    private static readonly El2Core[] s_all = [new("cortex-a53", Armv8_0, 40), new("cortex-a72", Armv8_0, 44), new("neoverse-n1", Armv8_2, 48), Latest];

    /// <summary>Gets the smallest core that gave the result of a line.</summary>
    public static El2Core Of(JsonElement line) =>
        s_all.First(core => line.GetProperty("on").EnumerateArray().Any(on => on.GetString()!.EndsWith("/" + core.Name, StringComparison.Ordinal)));
}
