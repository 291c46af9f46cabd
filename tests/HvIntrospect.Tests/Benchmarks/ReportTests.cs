using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using HvIntrospect.Benchmarks.Reporting;
using HvIntrospect.Peers;
using Xunit;

namespace HvIntrospect.Tests.Benchmarks;

public sealed class ReportTests
{
    [Fact]
    public void The_names_of_the_figures_are_fixed() => Assert.Equal(
        [
            "decode_ns", "decode_vs_capstone", "decode_cold_ms", "mips_geomean", "mips_vs_unicorn", "step_ns", "step_vs_unicorn",
            "s2_map_ns_per_page", "s2_map_vs_array", "s2_map_page_by_page_ns", "s2_map_page_by_page_vs_array", "s2_walk_ns", "s2_walk_vs_array",
            "watch_unused_x", "watch_near_ns", "watch_hit_ns", "alloc_decode", "alloc_access", "alloc_instruction",
        ],
        FigureNames.All);

    [Fact]
    public void Json_is_one_object_of_names_and_numbers()
    {
        Report report = new(TextWriter.Null);
        report.Add(FigureNames.StepNs, 1234.56789, "ns", "a step");
        report.Add(FigureNames.DecodeNs, 5, "ns", "a word");

        Dictionary<string, double> figures = Json(report);

        Assert.Equal(["decode_ns", "step_ns"], figures.Keys);
        Assert.Equal(5, figures["decode_ns"]);
        Assert.Equal(1234.5679, figures["step_ns"]);
    }

    [Fact]
    public void What_a_peer_is_missing_for_is_named_and_left_out()
    {
        using StringWriter output = new();
        Report report = new(output);
        report.Add(FigureNames.DecodeNs, 5, "ns", "a word");
        report.Skip(FigureNames.DecodeVsCapstone, Peer.Capstone);
        report.Finish();

        Assert.Equal(["decode_ns"], Json(report).Keys);
        string line = output.ToString().Split('\n').First(text => text.Contains("decode_vs_capstone"));
        Assert.Contains("skipped", line);
        Assert.Contains("libcapstone4", line);
        Assert.Contains("skipped: decode_vs_capstone.", output.ToString());
    }

    [Fact]
    public void An_unknown_name_and_a_value_that_is_no_number_are_refused()
    {
        Report report = new(TextWriter.Null);

        Assert.Throws<ArgumentException>(() => report.Add("decode_nanoseconds", 1, "ns", string.Empty));
        Assert.Throws<ArgumentOutOfRangeException>(() => report.Add(FigureNames.DecodeNs, double.NaN, "ns", string.Empty));
        Assert.Empty(report.Figures);
    }

    private static Dictionary<string, double> Json(Report report)
    {
        using MemoryStream stream = new();
        report.WriteJson(stream);
        return JsonSerializer.Deserialize<Dictionary<string, double>>(stream.ToArray())!;
    }
}
