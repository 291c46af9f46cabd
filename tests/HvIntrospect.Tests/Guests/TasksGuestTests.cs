using System;
using System.IO;
using HvIntrospect.Interpreter;
using HvIntrospect.Interpreter.Scheduling;
using HvIntrospect.Registers;
using HvIntrospect.Tests.Support;
using Xunit;

namespace HvIntrospect.Tests.Guests;

/// <summary>A preemptive kernel, whose threads keep their place in its functions while others run, computes one result, however its vCPUs interleave.</summary>
public sealed class TasksGuestTests
{
    public const string Guest = "tests/guests/tasks/tasks.elf";

    private const string Qemu = "qemu-system-aarch64";
    private const ulong Limit = 50_000_000;

    private static string Expected => File.ReadAllText(RepositoryFiles.PathOf("tests/guests/tasks/tasks.expected.txt"));

    [Theory]
    [InlineData(1, 1, DispatcherKind.Automatic)]
    [InlineData(2, 2, DispatcherKind.Automatic)]
    [InlineData(2, 3, DispatcherKind.Loop)]
    [InlineData(4, 4, DispatcherKind.Automatic)]
    public void TheResultIsTheOneOfQemu(int vcpus, ulong seed, DispatcherKind dispatcher)
    {
        using VirtBoard board = Make(vcpus, seed, dispatcher);
        board.Run(Limit);
        Assert.Equal(Expected, board.Output);
        Assert.Equal(0UL, board.Status);
    }

    [Fact]
    public void TheResultIsTheSameWhenTheHostInterleavesTheThreads()
    {
        using VirtBoard board = Make(2, 1);
        Assert.True(board.RunOnThreads(TimeSpan.FromMinutes(2)));
        Assert.Equal(Expected, board.Output);
        Assert.Equal(0UL, board.Status);
    }

    [ToolTheory(Qemu)]
    [InlineData("1")]
    [InlineData("2")]
    public void QemuPrintsTheExpectedText(string vcpus) => Assert.Equal(Expected, ExternalTool.Run(
        "timeout", "60", Qemu, "-M", "virt,gic-version=2", "-cpu", "max", "-smp", vcpus, "-m", "64", "-display", "none", "-monitor", "none", "-serial", "stdio",
        "-nic", "none", "-kernel", RepositoryFiles.PathOf(Guest)));

    internal static VirtBoard Make(int vcpus, ulong seed, DispatcherKind dispatcher = DispatcherKind.Automatic) => new(
        Guest,
        new MachineOptions
        {
            VcpuCount = vcpus,
            Seed = seed,
            RamSize = 8 << 20,
            InstructionsPerTick = 1,
            Dispatcher = dispatcher,
            Features = A64Features.Armv8_0,
        });
}
