using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using HvIntrospect.Tests.Support;
using Xunit;

namespace HvIntrospect.Tests.Samples.WatchIpa;

/// <summary>Guests of users: simple ones, strange ones and broken ones. Each ends with its word, its exit code and, unless all is well, a report of its state.</summary>
public sealed class UserGuestTests
{
    [ToolFact(UserGuest.Compiler)]
    public void ASimpleGuestPrintsWithoutInitialisingAnything()
    {
        SampleRun run = UserGuest.RunC("""
            #define UART (*(volatile unsigned char *)0x09000000)
            double factor = 2.5;
            static unsigned char stack[4096] __attribute__((aligned(16), used));
            __attribute__((used)) void run(void)
            {
                for (const char *next = "hello\n"; *next; next++)
                    UART = *next;
                factor *= 3;
                register unsigned long x0 asm("x0") = 0x84000008, x1 asm("x1") = factor != 7.5;
                asm volatile("hvc #0" : : "r"(x0), "r"(x1));
            }
            __attribute__((naked)) void _start(void)
            {
                asm volatile("adrp x0, stack + 4096\n\tadd x0, x0, :lo12:stack + 4096\n\tmov sp, x0\n\tb run");
            }
            """, "--watch", "factor");
        Assert.Equal((0, "off"), (run.ExitCode, run.End));
        Assert.Contains("guest | hello", run.ErrorLines);
        Assert.Equal(["r", "w"], run.Accesses.Select(access => Text(access, "kind")));
        Assert.Equal("0x401e000000000000", Text(run.Accesses[1], "new"));
        Assert.All(run.Accesses, access => Assert.Equal("run", Text(access, "function")));
    }

    [ToolFact(UserGuest.Compiler)]
    public void AccessesAreSeenByteByByte()
    {
        SampleRun run = UserGuest.RunAssembly("""
                adr     x5, data
                movz    x1, #0x1111
                movz    x2, #0x2222
                stp     x1, x2, [x5]
                strb    w1, [x5, #3]
                strb    w1, [x5, #4]
                ldr     w3, [x5], #8
                ldp     w3, w4, [x5, #-8]!
                str     x1, [x5, #8]
                off     #0
                .balign 16
            data:
                .skip   32
            """, "--watch", "data:4", "--watch", "0x40000000:4");
        Assert.Equal("off", run.End);
        Assert.Equal(
            [
                "8 w 0x0000000000000000 0x0000000000001111 stp x1, x2, [x5]",
                "1 w 0x00 0x11 strb w1, [x5, #3]",
                "4 r 0x11001111 0x11001111 ldr w3, [x5], #8",
                "4 r 0x11001111 0x11001111 ldp w3, w4, [x5, #-8]!",
            ],
            run.Accesses.Select(Line));
    }

    [ToolFact(UserGuest.Compiler)]
    public void AnUnalignedStoreIsOneAccessWithTheMmuOn()
    {
        SampleRun run = UserGuest.RunAssembly("""
                adr     x5, table
                movz    x1, #0x0701                 // 1 GB of Normal memory at 0x40000000
                movk    x1, #0x4000, lsl #16
                str     x1, [x5, #8]
                mov     x1, #0xff
                msr     mair_el1, x1
                movz    x1, #0x3519                 // 39 bits, 4 KB, Write-Back
                movk    x1, #0x0080, lsl #16
                msr     tcr_el1, x1
                msr     ttbr0_el1, x5
                isb
                mrs     x1, sctlr_el1
                orr     x1, x1, #1
                msr     sctlr_el1, x1
                isb
                adr     x6, data
                movz    x2, #0x7788
                movk    x2, #0x5566, lsl #16
                stur    x2, [x6, #5]
                add     x7, x6, #4093
                str     x2, [x7]
                off     #0
                .balign 4096
            data:
                .skip   4096
            data_end:
                .skip   4096
            table:
                .skip   4096
            """, "--watch", "data:8", "--watch", "data_end:1");
        Assert.Equal("off", run.End);
        Assert.Equal(["8 w 0x0000000000000000 0x0000000055667788 stur x2, [x6, #5]", "8 w 0x0000000000000000 0x0000000055667788 str x2, [x7]"], run.Accesses.Select(Line));
    }

    [ToolFact(UserGuest.Compiler)]
    public void FirmwareAnswersItsVersionAndRefusesTheRest()
    {
        SampleRun run = UserGuest.RunAssembly("""
                movz    w0, #0x8400, lsl #16
                hvc     #0
                movz    w5, #1, lsl #16
                movk    w5, #1
                cmp     w0, w5
                b.ne    1f
                mov     w0, #77
                hvc     #0
                cmn     w0, #1
                b.ne    1f
                movz    w0, #0x8400, lsl #16
                hvc     #3
                cmn     w0, #1
                b.ne    1f
                off     #0
            1:  off     #1
            """);
        Assert.Equal((0, "off"), (run.ExitCode, run.End));
    }

    [ToolFact(UserGuest.Compiler)]
    public void WhatNobodyOwnsIsAnAbortThatAGuestCanHandle()
    {
        SampleRun run = UserGuest.RunAssembly("""
                vectors skip
                mov     x5, #0x20000000
                mov     w6, #0
                ldr     x7, [x5]
                str     x7, [x5, #8]
                dc      cvac, x5
                smc     #0
                sub     w6, w6, #3
                off     w6
            skip:
                add     w6, w6, #1
                mrs     x9, elr_el1
                add     x9, x9, #4
                msr     elr_el1, x9
                eret
            """);
        Assert.Equal((0, "off"), (run.ExitCode, run.End));
        Assert.Equal(3, run.ErrorLines.Count(line => line.StartsWith("note | Unowned", StringComparison.Ordinal)));
    }

    [ToolFact(UserGuest.Compiler)]
    public void ATimerWakesAGuestThatWaits()
    {
        SampleRun run = UserGuest.RunAssembly("""
                mov     x0, #1000
                msr     cntv_tval_el0, x0
                mov     x0, #1
                msr     cntv_ctl_el0, x0
                wfi
                mrs     x1, cntv_ctl_el0
                cmp     x1, #5
                cset    w1, ne
                off     w1
            """);
        Assert.Equal((0, "off"), (run.ExitCode, run.End));
    }

    [ToolFact(UserGuest.Compiler)]
    public void EndsThatAreNotAsTheyShouldBeHaveTheirWords()
    {
        AssertEnd("failed", "status 3", "off #3");
        AssertEnd("reset", "reset itself", "movz w0, #0x8400, lsl #16\nmovk w0, #9\nhvc #0");
        AssertEnd("halted", "_start+0x4", "wfi\nb _start");
        AssertEnd("limit", "0x40000000 _start", "b .", "--limit", "1000000");
    }

    [ToolFact(UserGuest.Compiler)]
    public void AGuestWithoutVectorsIsReportedWithWhatItFellOver()
    {
        AssertEnd("stuck", "ELR_EL1     │ 0x1230000", "mov x1, #0x1230000\nbr x1");
        AssertEnd("stuck", "ELR_EL1     │ 0x40000004 _start+0x4", "nop\nudf #0");
        AssertEnd("stuck", "ELR_EL1     │ 0x40000004 _start+0x4", "svc #0\nnop");
        AssertEnd("stuck", "FAR_EL1     │ 0x40000002", "adr x1, _start+2\nbr x1");
    }

    [ToolFact(UserGuest.Compiler)]
    public void AGuestThatFaultsInItsOwnVectorsIsFoundWithoutALimit()
    {
        const string Faults = "again and again";
        AssertEnd("stuck", Faults, "adr x0, table\nmsr vbar_el1, x0\nudf #0\n.balign 2048\ntable: .skip 2048");
        AssertEnd("stuck", Faults, "vectors handler\nudf #0\nhandler: mov x0, #0\nadd x1, x0, #8\nldr x2, [x1]\neret");
        AssertEnd("stuck", Faults, "vectors handler\nudf #0\nhandler: brk #1\neret");

        // A stack pointer that a handler moves further each time.
        AssertEnd("stuck", Faults, "vectors handler\nmov sp, #0x1000\nudf #0\nhandler: sub sp, sp, #256\nstp x0, x1, [sp, #16]\neret");
        AssertEnd("stuck", Faults, "vectors handler\nadr x0, handler\nadd sp, x0, #8\nstr x0, [sp]\nhandler: sub sp, sp, #256\nstp x0, x1, [sp, #16]\neret");
    }

    [ToolFact(UserGuest.Compiler)]
    public void AGuestThatOnlyHandlesManyFaultsIsNotStuck()
    {
        // Each fault is counted in memory and its instruction tried again, with the registers as they were.
        AssertEnd("limit", "limit", "vectors handler\nadr x5, data\nudf #0\nhandler: ldr x0, [x5]\nadd x0, x0, #1\nstr x0, [x5]\nmov x0, #0\neret\n.balign 8\ndata: .quad 0", "--limit", "5000000");

        // A probe that leaves its handler by a branch.
        SampleRun run = UserGuest.RunAssembly("""
                vectors handler
                movz    x5, #0x1000, lsl #16
                movz    x6, #8, lsl #16
            again:
                ldr     x0, [x5]
            handler:
                add     x5, x5, #8
                subs    x6, x6, #1
                b.ne    again
                off     #0
            """);
        Assert.Equal((0, "off"), (run.ExitCode, run.End));
    }

    [ToolFact(UserGuest.Compiler)]
    public void APlaceThatOnlyTheLinkerKnowsCanBeWatched()
    {
        SampleRun run = UserGuest.RunAssembly("""
                ldr     x5, =heap
                str     w5, [x5]
                off     #0
            .global heap
            heap = 0x40100000
            """, "--watch", "heap:4");
        Assert.Equal(["4 w 0x00000000 0x40100000 str w5, [x5]"], run.Accesses.Select(Line));
    }

    [ToolFact(UserGuest.Compiler)]
    public void NamesDoNotSteerTheTerminal()
    {
        SampleRun run = UserGuest.RunAssembly("\"a\\033[2Jb\":\nudf #0");
        Assert.DoesNotContain('\u001b', run.Error);
        Assert.DoesNotContain('\u001b', run.Output);
    }

    [ToolFact(UserGuest.Compiler)]
    public void AProgramBelowMemoryIsRefusedAndHeadersThereAreNot()
    {
        SampleRun below = UserGuest.RunAssemblyAt(0x3FFF_F000, "off #0");
        Assert.Equal(2, below.ExitCode);
        Assert.Empty(below.Output);
        Assert.Contains("leaves memory, which is 0x40000000 to 0x43ffffff", Assert.Single(below.ErrorLines), StringComparison.Ordinal);
        Assert.Equal("off", UserGuest.RunAssemblyAt(0x4000_0040, "off #0").End);
        Assert.Equal("off", UserGuest.RunAssembly("off #0", "--memory", "4K").End);
        AssertEnd("stuck", "FAR_EL1     │ 0x40001000", "adr x1, _start\nadd x1, x1, #0x1000\nldr x0, [x1]", "--memory", "4K");
    }

    private static void AssertEnd(string end, string report, string source, params IEnumerable<string> arguments)
    {
        SampleRun run = UserGuest.RunAssembly(source, arguments);
        Assert.Equal((1, end), (run.ExitCode, run.End));
        Assert.Contains(report, run.Error, StringComparison.Ordinal);
        Assert.Contains("VBAR_EL1", run.Error, StringComparison.Ordinal);
    }

    private static string Line(JsonElement access) =>
        $"{access.GetProperty("size").GetInt32()} {Text(access, "kind")} {Text(access, "old")} {Text(access, "new")} {Text(access, "text")}";

    private static string? Text(JsonElement element, string field) => element.GetProperty(field).GetString();
}
