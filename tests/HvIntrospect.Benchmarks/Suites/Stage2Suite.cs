using System;
using System.Linq;
using HvIntrospect.Benchmarks.Measuring;
using HvIntrospect.Benchmarks.Reporting;
using HvIntrospect.Translation.Stage2;

namespace HvIntrospect.Benchmarks.Suites;

/// <summary>Building and walking Stage 2 tables: 1 GiB of 4 KB pages, four levels.</summary>
internal static class Stage2Suite
{
    private const ulong PageSize = 0x1000;
    private const int AddressBits = 48;
    private const int Walks = 1 << 16;

    private static readonly IpaRange s_ram = new(new Ipa(0x4000_0000), 1ul << 30);
    private static readonly Pa s_target = new(0x80_0000_0000);
    private static readonly PaRange s_tables = new(new Pa(0x100_0000_0000), 4 << 20);

    private static ulong s_sink;

    /// <summary>Measures.</summary>
    public static void Run(Harness harness, Report report)
    {
        report.Section("Stage 2: 1 GiB as 4 KB pages, four levels, maintenance that costs nothing");

        TableMemory memory = new(s_tables);
        using Stage2Tables tables = new(
            memory, new TablePool(s_tables), new Stage2Geometry(AddressBits, AddressBits, startLevel: 0), vmid: 1, new IdleEl2Operations());
        long pages = (long)(s_ram.Length / PageSize);

        ArrayMap array = new(new TableMemory(s_tables));
        Timing[] atOnce = harness.Compare(
            new Contender(
                "at once",
                () =>
                {
                    tables.Map(s_ram, s_target, Stage2Attributes.Ram, firstLevel: 3);
                    return pages;
                },
                () => tables.Unmap(s_ram)),
            new Contender(
                "array",
                () =>
                {
                    array.Map(s_ram.Start.Value, s_target.Value, (int)pages);
                    return pages;
                },
                array.Clear));
        report.Add(FigureNames.Stage2MapNsPerPage, atOnce[0].Nanoseconds, "ns", "a page, all in one call");
        report.Add(FigureNames.Stage2MapVsArray, atOnce[0].Over(atOnce[1]), "x", "our time over a plain array's, smaller is better");

        tables.Unmap(s_ram);
        Timing[] pageByPage = harness.Compare(
            new Contender(
                "page by page",
                () =>
                {
                    for (ulong offset = 0; offset < s_ram.Length; offset += PageSize)
                    {
                        tables.Map(new IpaRange(s_ram.Start + offset, PageSize), s_target + offset, Stage2Attributes.Ram);
                    }

                    return pages;
                },
                () => tables.Unmap(s_ram)),
            new Contender(
                "array",
                () =>
                {
                    for (ulong offset = 0; offset < s_ram.Length; offset += PageSize)
                    {
                        array.Map(s_ram.Start.Value + offset, s_target.Value + offset);
                    }

                    return pages;
                },
                array.Clear));
        report.Add(FigureNames.Stage2MapPageByPageNs, pageByPage[0].Nanoseconds, "ns", "a page, one call each");
        report.Add(FigureNames.Stage2MapPageByPageVsArray, pageByPage[0].Over(pageByPage[1]), "x", "our time over a plain array's, smaller is better");

        MeasureWalks(harness, report, tables.Walker, new ArrayWalk(memory, tables.Vttbr.Base));
    }

    private static void MeasureWalks(Harness harness, Report report, Stage2Walker walker, ArrayWalk array)
    {
        Random random = new(1);
        Ipa[] addresses = [.. Enumerable.Range(0, Walks).Select(_ => s_ram.Start + (ulong)random.NextInt64((long)s_ram.Length))];
        if (addresses.Any(address => walker.Walk(address).Pa.Value != array.Walk(address.Value)))
        {
            throw new InvalidOperationException("The walker and the plain array walk disagree.");
        }

        Timing[] timings = harness.Compare(
            new Contender("walk", () =>
            {
                ulong sum = 0;
                foreach (Ipa address in addresses)
                {
                    Stage2Translation translation = walker.Walk(address, Stage2Access.Read);
                    sum += translation.Pa.Value + (translation.IsFault ? 1ul : 0);
                }

                s_sink = sum;
                return Walks;
            }),
            new Contender("array", () =>
            {
                ulong sum = 0;
                foreach (Ipa address in addresses)
                {
                    sum += array.Walk(address.Value);
                }

                s_sink = sum;
                return Walks;
            }));
        report.Add(FigureNames.Stage2WalkNs, timings[0].Nanoseconds, "ns", "a random address, with attributes and syndrome");
        report.Detail("plain array walk", timings[1].Nanoseconds, "ns", "the same tables, addresses only");
        report.Add(FigureNames.Stage2WalkVsArray, timings[0].Over(timings[1]), "x", "our time over the plain walk's, smaller is better");
    }
}
