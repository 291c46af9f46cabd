using HvIntrospect.Registers;

namespace HvIntrospect.Tests.Introspection.Fakes;

/// <summary>A Stage 1 that maps 1 GB of normal memory at its own address.</summary>
internal static class NormalMemory
{
    /// <summary>The table.</summary>
    public const ulong Table = FakeMachine.Ram + 0xF000;

    /// <summary>Writes a level 1 table with one block and turns Stage 1 on, for all vCPUs.</summary>
    public static void Map(FakeMachine machine)
    {
        // Valid block, AttrIndx 0, AP EL1 read and write, inner shareable, AF.
        machine.Memory.Write64(Table + 8, 0x4000_0000 | (3 << 8) | (1 << 10) | 1);
        foreach (FakeVcpu vcpu in machine.Vcpus)
        {
            ref TranslationRegisters registers = ref vcpu.ModifyTranslation();
            registers.Ttbr0El1 = Table;
            registers.TcrEl1 = 25 | (1UL << 32) | (1 << 23); // 39 bits, 36-bit physical addresses, no TTBR1 walks
            registers.MairEl1 = 0xFF;
            registers.SctlrEl1 = (ulong)SctlrBits.M;
        }
    }
}
