using System.IO;
using System.Text;
using HvIntrospect.Samples.Shared;
using HvIntrospect.Samples.WatchIpa;
using HvIntrospect.Watchpoints;
using Xunit;

namespace HvIntrospect.Tests.Samples.WatchIpa;

public sealed class ReportTests
{
    private static readonly AccessRecord s_write = new(
        23, 0, new Va(0x4000_13E4), new Ipa(0x4000_31B0), new Va(0x4000_31B0), 1, WatchKinds.Write, 8, 0, "log_message", 0x44, "strb wzr, [x19, x1]");

    private static readonly AccessRecord s_read = new(
        24, 1, new Va(0x4000_1634), new Ipa(0x4000_31B0), new Va(0xFFFF_0000_4000_31B0), 8, WatchKinds.Read, 0x20, 0x20, null, 0, "ldr x19, [x2, #48]");

    private static readonly AccessRecord s_device = new(
        25, 0, new Va(0x4000_13E8), new Ipa(0x900_0000), new Va(0x900_0000), 4, WatchKinds.Write, null, 0x68, "put", 0, "str w1, [x0]");

    private static readonly RunSummary s_summary = new(1_663_977, 40, 2, 38, 1, 0.25, "off");

    [Fact]
    public void JsonIsOneObjectALine()
    {
        (string output, string error) = Write(console =>
        {
            using var report = new JsonReport(console);
            report.OnAccess(s_write);
            report.OnGuestLine("hello \"guest\"");
            report.OnAccess(s_read);
            report.OnAccess(s_device);
            report.OnNote("strange");
            report.OnAbnormalEnd("it broke", [("PC", "0x40000000")]);
            report.OnSummary(s_summary);
        });

        Assert.Equal(
            """
            {"type":"access","seq":23,"vcpu":0,"pc":"0x400013e4","ipa":"0x400031b0","va":"0x400031b0","size":1,"kind":"w","old":"0x08","new":"0x00","function":"log_message","text":"strb wzr, [x19, x1]"}
            {"type":"access","seq":24,"vcpu":1,"pc":"0x40001634","ipa":"0x400031b0","va":"0xffff0000400031b0","size":8,"kind":"r","old":"0x0000000000000020","new":"0x0000000000000020","function":null,"text":"ldr x19, [x2, #48]"}
            {"type":"access","seq":25,"vcpu":0,"pc":"0x400013e8","ipa":"0x9000000","va":"0x9000000","size":4,"kind":"w","old":null,"new":"0x00000068","function":"put","text":"str w1, [x0]"}
            {"type":"summary","instructions":1663977,"exits":40,"accesses":2,"emulated":38,"stepped":1,"seconds":0.25,"mips":6.656,"end":"off"}

            """.ReplaceLineEndings("\n"),
            output);
        Assert.StartsWith("guest | hello \"guest\"\nnote | strange\n", error, System.StringComparison.Ordinal);
        Assert.Contains("it broke", error, System.StringComparison.Ordinal);
        Assert.Contains("0x40000000", error, System.StringComparison.Ordinal);
    }

    [Fact]
    public void TextIsOneLineAnAccessWithTheGuestsLinesBetween()
    {
        (string output, string error) = Write(console =>
        {
            using var report = new TextReport(console);
            report.OnGuestLine("first");
            report.OnAccess(s_write);
            report.OnGuestLine("second");
            report.OnAccess(s_read);
            report.OnAccess(s_device);
            report.OnNote("strange");
            report.OnSummary(s_summary);
        });

        string[] lines = output.Split('\n');
        Assert.Equal("guest | first", lines[0]);
        Assert.Equal(["#", "pc", "function", "ipa", "size", "old", "->", "new", "instruction"], Words(lines[1]));
        Assert.Equal(["23", "0x400013e4", "log_message+0x44", "w", "0x400031b0", "1", "08", "->", "00", "strb", "wzr,", "[x19,", "x1]"], Words(lines[2]));
        Assert.Equal("guest | second", lines[3]);
        Assert.Equal(["24", "0x40001634", "?", "r", "0x400031b0", "8", "0000000000000020", "ldr", "x19,", "[x2,", "#48]"], Words(lines[4]));
        Assert.Equal(["25", "0x400013e8", "put", "w", "0x9000000", "4", "?", "->", "00000068", "str", "w1,", "[x0]"], Words(lines[5]));
        Assert.Contains("1,663,977", output, System.StringComparison.Ordinal);
        Assert.Equal("note | strange\n", error);
    }

    private static string[] Words(string line) => line.Split(' ', System.StringSplitOptions.RemoveEmptyEntries);

    private static (string Output, string Error) Write(System.Action<ConsoleOutput> write)
    {
        using var output = new MemoryStream();
        using var error = new StringWriter { NewLine = "\n" };
        using (var console = new ConsoleOutput(output, error, isOutputTerminal: false, isErrorTerminal: false))
        {
            write(console);
        }

        return (Encoding.UTF8.GetString(output.ToArray()), error.ToString());
    }
}
