using System;
using System.Buffers.Binary;
using HvIntrospect.Interpreter;
using Xunit;

namespace HvIntrospect.Tests.Interpreter;

public sealed class DecodedPagesTests
{
    private const ulong Code = 0x4000_0000;
    private const ulong Data = 0x4000_8000;

    // ldr x0, [x1, #64] and ldar x0, [x1].
    private const uint LoadWithOffset = 0xf9402020;
    private const uint LoadAcquire = 0xc8dffc20;

    [Fact]
    public void A_word_that_replaces_another_one_keeps_nothing_of_its_operands()
    {
        using Machine machine = new(new MachineOptions { RamSize = 0x20_0000 });
        Write(machine, Data, 1);
        Write(machine, Data + 64, 2);

        Assert.Equal(2ul, Execute(machine, LoadWithOffset));
        Assert.Equal(1ul, Execute(machine, LoadAcquire));
    }

    [Theory]
    [InlineData(DispatcherKind.Threaded)]
    [InlineData(DispatcherKind.Loop)]
    public void A_guest_that_executes_more_pages_than_may_be_decoded_computes_the_same(DispatcherKind dispatcher)
    {
        const int Pages = 50;
        const int Limit = 4;
        const ulong Rounds = 20;
        (ulong Sum, ulong Retired, int Held) few = RunThroughPages(dispatcher, Limit, Pages, Rounds);
        (ulong Sum, ulong Retired, int Held) all = RunThroughPages(dispatcher, 200, Pages, Rounds);
        Assert.Equal(Rounds * Pages * (Pages + 1) / 2, all.Sum);
        Assert.Equal((all.Sum, all.Retired), (few.Sum, few.Retired));
        Assert.Equal((Limit, Pages), (few.Held, all.Held));
    }

    [Fact]
    public void The_limit_leaves_a_page_for_each_vCPU_and_one_more()
    {
        Assert.Throws<ArgumentException>(() => new Machine(new MachineOptions { VcpuCount = 2, DecodedPageLimit = 2 }));
        using Machine machine = new(new MachineOptions { VcpuCount = 2, DecodedPageLimit = 3 });
    }

    // Page i adds i + 1 to x0: an even one with its last word, from which it falls into the next, an odd one with its first. The last page counts rounds.
    private static (ulong Sum, ulong Retired, int Held) RunThroughPages(DispatcherKind dispatcher, int limit, int pages, ulong rounds)
    {
        using Machine machine = new(new MachineOptions { Dispatcher = dispatcher, DecodedPageLimit = limit });
        for (int i = 0; i < pages; i++)
        {
            ulong page = Code + ((ulong)i * 4096);
            Write(machine, page + (i % 2 == 0 ? 4092UL : 0), 0x9100_0000u | ((uint)(i + 1) << 10));
            if (i % 2 != 0)
            {
                Write(machine, page + 4, 0x1400_0000u | (i + 1 == pages ? 1023u : 1023u + 1023u));
            }
        }

        // sub x1, x1, #1; cbnz x1, start; hvc #0
        ulong end = Code + ((ulong)pages * 4096);
        Write(machine, end, 0xD100_0421);
        Write(machine, end + 4, 0xB500_0001u | (((uint)(1023 - ((pages * 1024) + 1)) & 0x7_FFFF) << 5));
        Write(machine, end + 8, 0xD400_0002);
        ref CoreRegisters core = ref machine.Vcpus[0].ModifyCore();
        core.Pc = new Va(Code + (1023 * 4));
        core[1] = rounds;
        Assert.Equal(VcpuExitKind.Exception, machine.Run(machine.Vcpus[0], 1_000_000).Kind);
        Assert.Equal(0UL, machine.Vcpus[0].Core[1]);
        return (machine.Vcpus[0].Core[0], machine.Vcpus[0].RetiredInstructions, machine.DecodedPageCount - (limit > pages ? 1 : 0));
    }

    private static ulong Execute(Machine machine, uint word)
    {
        Write(machine, Code, word);
        ref CoreRegisters core = ref machine.Vcpus[0].ModifyCore();
        core.Pc = new Va(Code);
        core[1] = Data;
        machine.Run(machine.Vcpus[0], maxInstructions: 1);
        return machine.Vcpus[0].Core[0];
    }

    private static void Write(Machine machine, ulong address, uint word) =>
        Assert.Equal(sizeof(uint), machine.Memory.Write(new Ipa(address), BitConverter.GetBytes(word)));

    private static void Write(Machine machine, ulong address, ulong value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        Assert.Equal(bytes.Length, machine.Memory.Write(new Ipa(address), bytes));
    }
}
