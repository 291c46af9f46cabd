using System;
using System.Buffers.Binary;
using HvIntrospect.Interpreter;

namespace HvIntrospect.Tests.Introspection.OnTheMachine;

/// <summary>A Stage 1 that maps the machine's RAM at its own address as normal memory, which exclusives need.</summary>
internal static class IdentityStage1
{
    /// <summary>The table, at an address that is free in the tests that use it.</summary>
    private const ulong Table = 0x4008_0000;

    /// <summary>The address of the block's descriptor.</summary>
    public const ulong Block = Table + 8;

    /// <summary>The descriptor: EL1 reads and writes, attribute 0, inner shareable, accessed.</summary>
    public const uint Descriptor = 0x4000_0000 | (3 << 8) | (1 << 10) | 1;

    /// <summary>Writes a level 1 table with one block and turns Stage 1 on for all vCPUs.</summary>
    public static void Enable(Machine machine)
    {
        Span<byte> block = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(block, Descriptor);
        machine.Memory.Write(new Ipa(Block), block);
        foreach (Vcpu vcpu in machine.Vcpus)
        {
            ref TranslationRegisters translation = ref vcpu.ModifyTranslation();
            translation.Ttbr0El1 = Table;
            translation.TcrEl1 = 25 | (1UL << 23) | (2UL << 32); // 39 bits, no TTBR1 walks, 40-bit physical addresses
            translation.MairEl1 = 0xFF;
            translation.SctlrEl1 = 1;
        }
    }
}
