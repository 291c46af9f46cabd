using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Mmu;

/// <summary>A walker that translates what nobody asked for: silicon may fill a TLB at any moment with any translation that the controls in force allow.</summary>
/// <remarks>
/// <para>Arm Architecture Reference Manual (DDI 0487), "Translation Lookaside Buffers" and "Out-of-context translation regimes". It goes to pages near those that were used
/// lately, where near is one bit of the address, and from what it finds further on. The moments follow from the seed: some walks, some instruction counts, and
/// what EL2 does to maintain translations. While EL2 has the vCPU the walker may finish what it has begun, so it goes on until EL2 of the same core issues a DSB or
/// changes what the walker uses.</para>
/// <para>A fault and a descriptor without the Access flag fill nothing, and the walker writes no descriptor.</para>
/// </remarks>
internal static unsafe class SpeculativeWalker
{
    private const int LongestPause = 1 << 15;
    private const int MostWalks = 3;
    private const int PageShift = 12;
    private const int AddressBits = 48;

    /// <summary>Turns it on.</summary>
    /// <param name="cpu">The vCPU.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="index">The vCPU's number.</param>
    public static void TurnOn(CpuState* cpu, ulong seed, int index) => cpu->System.SpeculationState = SeededChoice.Start(~seed, index);

    /// <summary>Tells whether there is one.</summary>
    /// <param name="cpu">The vCPU.</param>
    /// <returns>True when it was turned on.</returns>
    public static bool IsOn(CpuState* cpu) => cpu->System.SpeculationState != 0;

    /// <summary>Gets the instruction count of its next moment.</summary>
    /// <param name="cpu">The vCPU.</param>
    /// <returns>The count; <see cref="ulong.MaxValue"/> without a walker.</returns>
    public static ulong DueCount(CpuState* cpu) => IsOn(cpu) ? cpu->System.SpeculationDue : ulong.MaxValue;

    /// <summary>Lets it work when its moment has come.</summary>
    /// <param name="cpu">The vCPU, its instruction count written down.</param>
    /// <param name="translator">The MMU.</param>
    public static void RunDue(CpuState* cpu, ITranslator translator)
    {
        if (DueCount(cpu) <= cpu->Retired)
        {
            cpu->System.SpeculationDue = cpu->Retired + 1 + (ulong)Next(cpu, LongestPause);
            Run(cpu, translator);
        }
    }

    /// <summary>Notices an address for which the MMU walks, and goes to work now and then.</summary>
    /// <param name="cpu">The vCPU, which has a walker.</param>
    /// <param name="translator">The MMU.</param>
    /// <param name="va">The address.</param>
    public static void Notice(CpuState* cpu, ITranslator translator, ulong va)
    {
        Remember(cpu, va);
        if (Next(cpu, 4) == 0)
        {
            Run(cpu, translator);
        }
    }

    /// <summary>The vCPU goes to its guest: the walker may use the registers.</summary>
    /// <param name="cpu">The vCPU.</param>
    public static void Open(CpuState* cpu) => cpu->System.MaySpeculate = IsOn(cpu) ? 1UL : 0UL;

    /// <summary>EL2 changes what the walker uses.</summary>
    /// <param name="cpu">The vCPU.</param>
    public static void Close(CpuState* cpu) => cpu->System.MaySpeculate = 0;

    /// <summary>Lets it work while EL2 maintains translations, if it still may.</summary>
    /// <param name="cpu">The vCPU.</param>
    /// <param name="translator">The MMU.</param>
    public static void RunBehindEl2(CpuState* cpu, ITranslator translator)
    {
        if (cpu->System.MaySpeculate != 0)
        {
            Run(cpu, translator);
        }
    }

    /// <summary>Remembers an address, near which the walker will look.</summary>
    /// <param name="cpu">The vCPU.</param>
    /// <param name="va">The address.</param>
    public static void Remember(CpuState* cpu, ulong va) => cpu->System.RecentPages[Next(cpu, SystemState.RecentAddresses.Count)] = va;

    private static void Run(CpuState* cpu, ITranslator translator)
    {
        for (int walks = 1 + Next(cpu, MostWalks); walks != 0; walks--)
        {
            ulong va = cpu->System.RecentPages[Next(cpu, SystemState.RecentAddresses.Count)];
            bool isNear = Next(cpu, 2) == 0;
            translator.Speculate(cpu, isNear ? va ^ (1UL << (PageShift + Next(cpu, AddressBits - PageShift))) : va);
        }
    }

    private static int Next(CpuState* cpu, int count) => SeededChoice.Next(ref cpu->System.SpeculationState, count);
}
