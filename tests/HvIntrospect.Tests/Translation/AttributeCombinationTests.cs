using System;
using System.Collections.Generic;
using HvIntrospect.Translation;
using HvIntrospect.Translation.Stage2;
using Xunit;

namespace HvIntrospect.Tests.Translation;

/// <summary>The tables of the manual, row by row, and every pair of encodings against rules that are stated in words.</summary>
public sealed class AttributeCombinationTests
{
    private static readonly string[] s_devices = ["nGnRnE", "nGnRE", "nGRE", "GRE"];

    /// <summary>Memory types by name: a Device type, or outer and inner cacheability.</summary>
    private static readonly Dictionary<string, byte> s_types = new()
    {
        ["nGnRnE"] = 0x00, ["nGnRE"] = 0x04, ["nGRE"] = 0x08, ["GRE"] = 0x0C, ["NC"] = 0x44, ["WT"] = 0xBB, ["WB"] = 0xFF, ["Tagged"] = 0xF0,
    };

    /// <summary>"Combining stage 1 and stage 2 memory type attributes" and "... Cacheability attributes for Normal memory", FWB = 0.</summary>
    [Theory]
    [InlineData("nGnRnE", 0b1111, "nGnRnE")]
    [InlineData("GRE", 0b1111, "GRE")]
    [InlineData("GRE", 0b0101, "GRE")]
    [InlineData("WB", 0b0000, "nGnRnE")]
    [InlineData("WB", 0b0011, "GRE")]
    [InlineData("NC", 0b0001, "nGnRE")]
    [InlineData("GRE", 0b0010, "nGRE")]
    [InlineData("nGRE", 0b0011, "nGRE")]
    [InlineData("nGRE", 0b0001, "nGnRE")]
    [InlineData("nGnRE", 0b0010, "nGnRE")]
    [InlineData("GRE", 0b0000, "nGnRnE")]
    [InlineData("nGnRnE", 0b0011, "nGnRnE")]
    [InlineData("NC", 0b0101, "NC")]
    [InlineData("NC", 0b1010, "NC")]
    [InlineData("NC", 0b1111, "NC")]
    [InlineData("WT", 0b0101, "NC")]
    [InlineData("WT", 0b1010, "WT")]
    [InlineData("WT", 0b1111, "WT")]
    [InlineData("WB", 0b0101, "NC")]
    [InlineData("WB", 0b1010, "WT")]
    [InlineData("WB", 0b1111, "WB")]
    [InlineData("Tagged", 0b1111, "Tagged")]
    [InlineData("Tagged", 0b1010, "WT")]
    [InlineData("Tagged", 0b0101, "NC")]
    [InlineData("Tagged", 0b0001, "nGnRE")]
    public void WithoutForcedWriteBackTheStricterWins(string stage1, int memAttr, string expected) => Check(stage1, memAttr, forcesWriteBack: false, expected);

    /// <summary>"Stage 2 MemAttr[1:0] encoding, FWB enabled", and the Device types, which are combined as without FWB.</summary>
    [Theory]
    [InlineData("GRE", 0b0101, "GRE")]
    [InlineData("nGnRnE", 0b0101, "nGnRnE")]
    [InlineData("NC", 0b0101, "NC")]
    [InlineData("WT", 0b0101, "NC")]
    [InlineData("WB", 0b0101, "NC")]
    [InlineData("Tagged", 0b0101, "NC")]
    [InlineData("Tagged", 0b0110, "Tagged")]
    [InlineData("Tagged", 0b0111, "Tagged")]
    [InlineData("nGnRE", 0b0110, "WB")]
    [InlineData("NC", 0b0110, "WB")]
    [InlineData("WT", 0b0110, "WB")]
    [InlineData("WB", 0b0110, "WB")]
    [InlineData("nGRE", 0b0111, "nGRE")]
    [InlineData("NC", 0b0111, "NC")]
    [InlineData("WT", 0b0111, "WT")]
    [InlineData("WB", 0b0111, "WB")]
    [InlineData("WB", 0b0000, "nGnRnE")]
    [InlineData("WB", 0b0001, "nGnRE")]
    [InlineData("GRE", 0b0010, "nGRE")]
    [InlineData("nGnRE", 0b0011, "nGnRE")]
    [InlineData("WB", 0b1011, "GRE")] // MemAttr[3] is RES0
    [InlineData("NC", 0b1110, "WB")]
    [InlineData("WB", 0b0100, "nGnRnE")] // reserved
    public void WithForcedWriteBackStage2Decides(string stage1, int memAttr, string expected) => Check(stage1, memAttr, forcesWriteBack: true, expected);

    /// <summary>"Combining the stage 1 and stage 2 Shareability attributes", and what is Outer Shareable whatever the descriptors say.</summary>
    [Theory]
    [InlineData("WB", "WB", Shareability.OuterShareable, Shareability.NonShareable, Shareability.OuterShareable)]
    [InlineData("WB", "WB", Shareability.OuterShareable, Shareability.InnerShareable, Shareability.OuterShareable)]
    [InlineData("WB", "WB", Shareability.OuterShareable, Shareability.OuterShareable, Shareability.OuterShareable)]
    [InlineData("WB", "WB", Shareability.InnerShareable, Shareability.OuterShareable, Shareability.OuterShareable)]
    [InlineData("WB", "WB", Shareability.InnerShareable, Shareability.InnerShareable, Shareability.InnerShareable)]
    [InlineData("WB", "WB", Shareability.InnerShareable, Shareability.NonShareable, Shareability.InnerShareable)]
    [InlineData("WB", "WB", Shareability.NonShareable, Shareability.OuterShareable, Shareability.OuterShareable)]
    [InlineData("WB", "WB", Shareability.NonShareable, Shareability.InnerShareable, Shareability.InnerShareable)]
    [InlineData("WB", "WB", Shareability.NonShareable, Shareability.NonShareable, Shareability.NonShareable)]
    [InlineData("WB", "WB", Shareability.NonShareable, (Shareability)1, Shareability.NonShareable)] // reserved
    [InlineData("NC", "WB", Shareability.NonShareable, Shareability.NonShareable, Shareability.OuterShareable)]
    [InlineData("nGRE", "WB", Shareability.NonShareable, Shareability.NonShareable, Shareability.OuterShareable)]
    [InlineData("WB", "nGRE", Shareability.NonShareable, Shareability.NonShareable, Shareability.OuterShareable)] // forced: what came to Stage 2 was Outer Shareable
    public void TheWiderShareabilityWins(string type, string stage1, Shareability first, Shareability second, Shareability expected) =>
        Assert.Equal(expected, AttributeCombination.Combine(new MemoryAttributes(s_types[type]), new MemoryAttributes(s_types[stage1]), first, second));

    /// <summary>All defined bytes of MAIR_EL1 with all MemAttr: each half is the weaker of both, and hints are those of Stage 1.</summary>
    [Fact]
    public void EveryPairOfEncodingsFollowsTheRules()
    {
        int pairs = 0;
        for (int attr = 0; attr < 256; attr++)
        {
            bool isDevice = attr < 16;
            if (isDevice ? (attr & 3) != 0 : (attr & 15) == 0)
            {
                continue;
            }

            for (int memAttr = 0; memAttr < 16; memAttr++)
            {
                pairs++;
                byte plain = Combine((byte)attr, memAttr, forcesWriteBack: false);
                byte forced = Combine((byte)attr, memAttr, forcesWriteBack: true);
                Assert.Equal(Name(attr, memAttr >> 2 == 0 ? Device(memAttr) : Cacheability(memAttr >> 2) + "," + Cacheability(memAttr & 3)), Name(plain, null));
                CheckHints(attr, plain);
                CheckHints(attr, forced);
                string expected = (memAttr & 7) switch
                {
                    < 4 => Name(attr, Device(memAttr)),
                    4 => Device(0), // reserved
                    6 => "WB,WB",
                    7 => Name(attr, null),
                    _ => isDevice ? Name(attr, null) : "NC,NC",
                };
                Assert.Equal(expected, Name(forced, null));
            }
        }

        Assert.Equal((4 + (15 * 15)) * 16, pairs);
    }

    private static void Check(string stage1, int memAttr, bool forcesWriteBack, string expected) =>
        Assert.Equal(s_types[expected], Combine(s_types[stage1], memAttr, forcesWriteBack));

    /// <summary>Combines a byte of MAIR_EL1 with MemAttr[3:0] as it stands in a descriptor.</summary>
    private static byte Combine(byte stage1, int memAttr, bool forcesWriteBack)
    {
        Stage2MemoryType type = new Stage2LeafFields(forcesWriteBack, twoExecuteNeverBits: false, null).Decode((ulong)memAttr << 2).MemoryType;
        return AttributeCombination.Combine(new MemoryAttributes(stage1), type, forcesWriteBack).Value;
    }

    private static string Device(int memAttr) => s_devices[memAttr & 3];

    // 0 stands for the reserved inner half.
    private static string Cacheability(int field) => field switch
    {
        3 => "WB",
        2 => "WT",
        _ => "NC",
    };

    /// <summary>Names a type, limited by what Stage 2 says when it says anything.</summary>
    private static string Name(int attr, string? stage2)
    {
        string name = attr < 16 ? s_devices[attr >> 2] : Half(attr >> 4) + "," + Half(attr & 15);
        if (stage2 is null)
        {
            return name;
        }

        bool isDevice = Array.IndexOf(s_devices, name) >= 0;
        if (isDevice || Array.IndexOf(s_devices, stage2) >= 0)
        {
            return !isDevice ? stage2 : Array.IndexOf(s_devices, stage2) is int other and >= 0 && other < Array.IndexOf(s_devices, name) ? stage2 : name;
        }

        string[] first = name.Split(',');
        string[] second = stage2.Split(',');
        return Weaker(first[0], second[0]) + "," + Weaker(first[1], second[1]);

        static string Weaker(string left, string right) => left == "NC" || right == "NC" ? "NC" : left == "WT" || right == "WT" ? "WT" : "WB";
    }

    private static string Half(int half) => half switch
    {
        4 => "NC",
        0b0001 or 0b0010 or 0b0011 or >= 0b1000 and <= 0b1011 => "WT",
        0b0101 or 0b0110 or 0b0111 or >= 0b1100 => "WB",
        _ => "reserved",
    };

    private static void CheckHints(int attr, byte combined)
    {
        if (combined < 16)
        {
            return;
        }

        for (int shift = 0; shift < 8; shift += 4)
        {
            int before = (attr >> shift) & 15;
            int after = (combined >> shift) & 15;
            bool wasCacheable = attr >= 16 && before != 4;
            if (after != 4)
            {
                Assert.Equal(wasCacheable ? before & 3 : 3, after & 3);
            }
        }
    }
}
