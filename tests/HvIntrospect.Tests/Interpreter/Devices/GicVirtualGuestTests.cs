using System.IO;
using HvIntrospect.Interpreter;
using HvIntrospect.Tests.Guests;
using HvIntrospect.Tests.Support;
using Xunit;

namespace HvIntrospect.Tests.Interpreter.Devices;

/// <summary>A guest that fills list registers, takes and ends their interrupts and shows every register on the way prints here what it prints on QEMU's virtual CPU interface.</summary>
public sealed class GicVirtualGuestTests
{
    private const string Guest = "tests/guests/gic/virtual.elf";
    private const string Qemu = "qemu-system-aarch64";
    private const ulong Limit = 20_000_000;

    private static string Expected => File.ReadAllText(RepositoryFiles.PathOf("tests/guests/gic/virtual.expected.txt"));

    [Fact]
    public void TheGuestPrintsWhatItPrintsOnQemu()
    {
        using VirtBoard board = NewBoard(seed: null);
        board.Run(Limit);
        Assert.Equal(Expected, board.Output);
    }

    [Fact]
    public void TheVirtualInterfacesArePartOfASnapshot()
    {
        using VirtBoard board = NewBoard(seed: 3);
        for (int i = 0; i < 15; i++)
        {
            board.Run(19_001);
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
        "timeout", "60", Qemu, "-M", "virt,virtualization=on,gic-version=2", "-cpu", "cortex-a57", "-smp", "1", "-m", "64", "-display", "none", "-monitor", "none", "-serial", "stdio",
        "-nic", "none", "-kernel", RepositoryFiles.PathOf(Guest)));

    private static VirtBoard NewBoard(ulong? seed) => new(Guest, new MachineOptions { VcpuCount = 1, Seed = seed }, hasVirtualInterfaces: true);
}
