using System;
using System.IO;
using HvIntrospect.Interpreter;
using HvIntrospect.Tests.Guests;
using HvIntrospect.Tests.Support;
using Xunit;

namespace HvIntrospect.Tests.Interpreter.Devices;

/// <summary>A guest that dumps registers and lets interrupts run through them prints here what it prints on QEMU's GICv2.</summary>
public sealed class GicGuestTests
{
    private const string Guest = "tests/guests/gic/gic.elf";
    private const string Qemu = "qemu-system-aarch64";
    private const ulong Limit = 10_000_000;

    private static string Expected => File.ReadAllText(RepositoryFiles.PathOf("tests/guests/gic/gic.expected.txt"));

    [Theory]
    [InlineData(null)]
    [InlineData(1UL)]
    [InlineData(2UL)]
    public void TheGuestPrintsWhatItPrintsOnQemu(ulong? seed)
    {
        using var board = new VirtBoard(Guest, new MachineOptions { VcpuCount = 2, Seed = seed });
        board.Run(Limit);
        Assert.Equal(Expected, board.Output);
    }

    [Fact]
    public void TheInterruptControllerIsPartOfASnapshot()
    {
        using var board = new VirtBoard(Guest, new MachineOptions { VcpuCount = 2, Seed = 5 });
        for (int i = 0; i < 15; i++)
        {
            board.Run(7_001);
            using MachineSnapshot snapshot = board.Machine.TakeSnapshot();
            string printed = board.Output;
            board.Run(40_000);
            board.Machine.Restore(snapshot);
            board.Output = printed;
        }

        board.Run(Limit);
        Assert.Equal(Expected, board.Output);
    }

    [ToolFact(Qemu)]
    public void QemuPrintsTheExpectedText() => Assert.Equal(Expected, ExternalTool.Run(
        "timeout", "60", Qemu, "-M", "virt,gic-version=2", "-cpu", "cortex-a57", "-smp", "2", "-m", "64", "-display", "none", "-monitor", "none", "-serial", "stdio",
        "-nic", "none", "-kernel", RepositoryFiles.PathOf(Guest)));
}
