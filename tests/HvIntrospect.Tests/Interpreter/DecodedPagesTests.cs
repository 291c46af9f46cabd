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

    private static ulong Execute(Machine machine, uint word)
    {
        Write(machine, Code, word);
        ref CoreRegisters core = ref machine.Vcpus[0].ModifyCore();
        core.Pc = new Va(Code);
        core[1] = Data;
        machine.Run(machine.Vcpus[0], maxInstructions: 1);
        return machine.Vcpus[0].Core[0];
    }

    private static void Write(Machine machine, ulong address, ulong value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        Assert.Equal(bytes.Length, machine.Memory.Write(new Ipa(address), bytes));
    }
}
