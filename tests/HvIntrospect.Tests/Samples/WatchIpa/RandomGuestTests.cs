using System;
using System.Buffers.Binary;
using System.Globalization;
using System.IO;
using System.Linq;
using HvIntrospect.A64;
using HvIntrospect.Registers;
using HvIntrospect.Tests.Interpreter;
using HvIntrospect.Tests.Loading;
using HvIntrospect.Tests.Support;
using Xunit;

namespace HvIntrospect.Tests.Samples.WatchIpa;

/// <summary>Guests of random instructions: whatever they do, the sample ends in time, in a documented way, and counts exactly.</summary>
public sealed class RandomGuestTests
{
    private const int Length = 0x1000;
    private const ulong Limit = 20_000;

    private static readonly string[] s_ends = ["off", "failed", "reset", "halted", "stuck", "limit", "stopped"];

    [Fact]
    public void RandomGuestsEndInADocumentedWay() => Run(firstSeed: 1, count: 60);

    [LongFact]
    public void ManyRandomGuestsEndInADocumentedWay() => Run(firstSeed: 1000, count: 10_000);

    private static void Run(int firstSeed, int count)
    {
        using var folder = new TemporaryFolder();
        EncodingRow[] rows = [.. EncodingTable.Instance.Rows.Where(row => row.Feature == A64Features.Armv8_0)];
        for (int seed = firstSeed; seed < firstSeed + count; seed++)
        {
            string path = folder.PathOf("guest.elf");
            File.WriteAllBytes(path, Make(rows, new Random(seed)));
            string[] arguments = ["--guest", path, "--json", "--limit", Limit.ToString(CultureInfo.InvariantCulture), "--watch", "0x40000000:64K", "--watch", "0x9000000:64"];
            SampleRun run = SampleRun.Of(seed % 2 == 0 ? arguments : [.. arguments, "--no-inline"]);
            Assert.True(s_ends.Contains(run.End), $"Seed {seed}: {run.End}");
            ulong instructions = run.Summary.GetProperty("instructions").GetUInt64();
            Assert.True(run.End == "limit" ? instructions == Limit : instructions <= Limit, $"Seed {seed}: {run.End} after {instructions}");
        }
    }

    private static byte[] Make(EncodingRow[] rows, Random random)
    {
        byte[] file = ElfImages.Make((0x4000_0000, 0x4000_0000, Length));
        int data = file.Length - 16;
        Array.Resize(ref file, data + Length);
        BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(ElfImages.HeaderSize + 32), Length);
        for (int offset = 0; offset < Length; offset += 4)
        {
            uint word = random.Next(8) == 0 ? (uint)random.NextInt64(1L << 32) : WordCases.MakeWord(rows[random.Next(rows.Length)], random);
            BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(data + offset), word);
        }

        // Vectors in the middle of it, and registers that point at memory and at the UART.
        ReadOnlySpan<uint> start =
        [
            0x1000_4000, // adr x0, #0x800
            0xD518_C000, // msr vbar_el1, x0
            0xD2A8_0001, // mov x1, #0x40000000
            0xD2A1_2002, // mov x2, #0x09000000
            0x9140_0823, // add x3, x1, #2, lsl #12
            0x9100_007F, // mov sp, x3
            0xAA01_03E4, // mov x4, x1
            0xAA03_03E5, // mov x5, x3
        ];
        for (int index = 0; index < start.Length; index++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(data + (4 * index)), start[index]);
        }

        return file;
    }
}
