using System;
using System.Collections.Generic;
using System.Numerics;
using HvIntrospect.Interpreter;
using Xunit;

namespace HvIntrospect.Tests.Interpreter.Memory;

public sealed class DirtyLogTests
{
    private const ulong Ram = GuestProgram.Code;
    private const int Pages = 0x60;

    // add x3, x3, #1; str x3, [x1]; str x3, [x1]; hvc #42; b back
    private static readonly uint[] s_program = [GuestProgram.AddX3, 0xF9000023, 0xF9000023, GuestProgram.Hvc42, 0x17FFFFFC];

    [Fact]
    public void Every_writer_marks_its_page_and_nobody_else()
    {
        using var program = new GuestProgram(s_program);
        IDirtyLog log = LogOf(program);

        // The stores' translation is in the TLB for writes before the tracking begins.
        program.RunToCall();
        log.Start();
        Assert.Empty(Collect(log));

        program.RunToCall();
        Assert.Equal([0x20], Collect(log));
        Assert.Empty(Collect(log));

        program.RunToCall();
        program.Write(Ram + 0x5000, 1);
        program.Machine.Memory.Write(new Ipa(Ram + 0x6FFF), [1, 2]);
        program.Machine.Memory.TryCompareExchange(new Ipa(Ram + 0x9008), [0], [1], new byte[1]);
        program.Machine.Memory.TryCompareExchange(new Ipa(Ram + 0xA008), [7], [1], new byte[1]);
        Assert.Equal([0x5, 0x6, 0x7, 0x9, 0x20], Collect(log));
        Assert.Equal(3UL, program.Read64(GuestProgram.Data));

        log.Stop();
        Assert.Throws<InvalidOperationException>(() => Collect(log));
    }

    [Fact]
    public void A_store_across_pages_and_the_zeroing_of_a_block_are_seen()
    {
        // stur x3, [x1, #-4]; dc zva, x2
        using var program = new GuestProgram(0xF81FC023, 0xD50B7422, GuestProgram.Hvc42);
        IDirtyLog log = LogOf(program);
        program.Vcpu.ModifyTranslation().SctlrEl1 |= 1UL << 2;
        program.SetBits(HvIntrospect.Registers.SystemRegister.HcrEl2, 1UL << 12);
        program.Vcpu.ModifyCore()[2] = Ram + 0x3_0040;
        log.Start();
        program.RunToCall();
        Assert.Equal([0x1F, 0x20, 0x30], Collect(log));
    }

    [Fact]
    public void Pages_that_are_not_RAM_are_never_dirty()
    {
        using var program = new GuestProgram(s_program);
        IDirtyLog log = LogOf(program);
        log.Start();
        program.Write(Ram, 1);
        ulong[] bitmap = new ulong[2];
        bitmap[1] = ulong.MaxValue;
        Assert.Equal(1, log.Collect(new IpaRange(new Ipa(Ram - 0x1000), 64 * 0x1000), bitmap));
        Assert.Equal([2UL, ulong.MaxValue], bitmap);
        Assert.Equal(0, log.Collect(new IpaRange(new Ipa(0), 0x1000), bitmap));
        Assert.Throws<ArgumentException>(() => log.Collect(new IpaRange(new Ipa(Ram), 1), new ulong[1]));
        Assert.Throws<ArgumentException>(() => log.Collect(new IpaRange(new Ipa(Ram), 65 * 0x1000), new ulong[1]));
    }

    private static IDirtyLog LogOf(GuestProgram program)
    {
        Assert.True(program.Machine.TryGetCapability(out IDirtyLog? log));
        return log;
    }

    private static List<int> Collect(IDirtyLog log)
    {
        ulong[] bitmap = new ulong[(Pages + 63) / 64];
        int count = log.Collect(new IpaRange(new Ipa(Ram), Pages * 0x1000UL), bitmap);
        var pages = new List<int>();
        for (int i = 0; i < bitmap.Length; i++)
        {
            for (ulong left = bitmap[i]; left != 0; left &= left - 1)
            {
                pages.Add((i * 64) + BitOperations.TrailingZeroCount(left));
            }
        }

        Assert.Equal(count, pages.Count);
        return pages;
    }
}
