using System;
using HvIntrospect.Interpreter;
using HvIntrospect.Mmio;
using HvIntrospect.Registers;

namespace HvIntrospect.Samples.WatchIpa;

/// <summary>The board that a guest finds: RAM, one UART, and firmware calls over HVC.</summary>
internal static class Platform
{
    /// <summary>The size of memory when nobody asks for another, in bytes.</summary>
    public const ulong DefaultMemorySize = 64UL << 20;

    /// <summary>The smallest size of memory, in bytes; sizes are multiples of it.</summary>
    public const ulong PageSize = 4UL << 10;

    /// <summary>The largest size of memory, in bytes.</summary>
    public const ulong MaximumMemorySize = 1UL << 30;

    private const ulong MachineMemoryUnit = 2UL << 20;
    private const ulong UartLineControl = 0x2C;
    private const ulong UartControl = 0x30;
    private const ulong EightBitsWithFifos = 0x70;
    private const ulong EnabledBothWays = 0x301;
    private const ulong NoFloatingPointTraps = 3UL << 20;

    /// <summary>Gets the first byte of memory.</summary>
    public static Ipa RamBase => new(0x4000_0000);

    /// <summary>Gets the registers of the PL011 UART.</summary>
    public static IpaRange Uart => new(new Ipa(0x0900_0000), Pl011.Size);

    /// <summary>Makes a machine with one core at EL1h with the MMU off and interrupts masked. FP and SIMD may be used, because compilers use them unasked.</summary>
    /// <param name="ram">The guest's memory.</param>
    /// <returns>The machine.</returns>
    public static Machine CreateMachine(IpaRange ram)
    {
        ulong size = (ram.Length + MachineMemoryUnit - 1) & ~(MachineMemoryUnit - 1);
        var machine = new Machine(new MachineOptions { RamBase = ram.Start, RamSize = size });
        if (size != ram.Length)
        {
            machine.Stage2.Unmap(new IpaRange(ram.Start + ram.Length, size - ram.Length));
        }

        if (machine.Vcpus[0].TryGetCapability(out IEl2Operations? firmware))
        {
            firmware.WriteSystemRegister(SystemRegister.CpacrEl1, NoFloatingPointTraps);
        }

        return machine;
    }

    /// <summary>Makes the UART as firmware leaves it: simple guests just write to it.</summary>
    /// <param name="transmit">Receives what the guest writes.</param>
    /// <returns>The UART.</returns>
    public static Pl011 CreateUart(Action<byte> transmit)
    {
        var uart = new Pl011(transmit);
        uart.Write(UartLineControl, sizeof(uint), EightBitsWithFifos);
        uart.Write(UartControl, sizeof(uint), EnabledBothWays);
        return uart;
    }
}
