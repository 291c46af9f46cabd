using System;
using System.Globalization;
using HvIntrospect.LoadStores;
using HvIntrospect.Registers;
using HvIntrospect.Translation;

namespace HvIntrospect.Interpreter;

/// <summary>What a <see cref="Machine"/> is made of. Every value has a default; <see cref="Machine"/>'s constructor checks them together.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed record MachineOptions
{
    /// <summary>The largest number of vCPUs.</summary>
    internal const int MaximumVcpus = 64;

    /// <summary>The default of <see cref="DecodedPageLimit"/>.</summary>
    internal const int DefaultDecodedPageLimit = 4096;

    private const ulong Alignment = 0x20_0000;
    private const ulong LongestSlice = 1UL << 30;
    private const int MostViews = 64;

    /// <summary>Initialises the options of a machine with plain Armv8.0 cores.</summary>
    public MachineOptions()
    {
    }

    /// <summary>Initialises the options of a machine with cores of a kind: <see cref="Features"/>, <see cref="TranslationFeatures"/>, <see cref="PointerAuthentication"/> and <see cref="AddressBits"/>.</summary>
    /// <param name="core">What the cores are.</param>
    /// <exception cref="ArgumentNullException"><paramref name="core"/> is null.</exception>
    public MachineOptions(CoreModel core)
    {
        ArgumentNullException.ThrowIfNull(core);
        Features = core.Features;
        TranslationFeatures = core.TranslationFeatures;
        PointerAuthentication = core.PointerAuthentication;
        AddressBits = core.AddressBits;
    }

    /// <summary>Gets the first IPA of the guest's RAM, a multiple of 2 MiB. The default is 0x40000000. The vCPUs start there.</summary>
    public Ipa RamBase { get; init; } = new(0x4000_0000);

    /// <summary>Gets the size of the guest's RAM in bytes, a multiple of 2 MiB above 0. The default is 64 MiB. The host backs only what is touched.</summary>
    public ulong RamSize { get; init; } = 64UL << 20;

    /// <summary>
    /// Gets the physical address of the guest's RAM, a multiple of 2 MiB. By default it is not the IPA, so that code which takes an IPA for
    /// a physical address finds nothing there.
    /// </summary>
    public Pa RamPhysicalBase { get; init; } = new(0x18_4000_0000);

    /// <summary>Gets the physical memory that belongs to the hypervisor and holds the Stage 2 tables; multiples of 64 KiB. No IPA is mapped to it. The default is 16 MiB at 0x100000000.</summary>
    public PaRange HypervisorMemory { get; init; } = new(new Pa(0x1_0000_0000), 16UL << 20);

    /// <summary>
    /// Gets the number of bits of an IPA and of a physical address: 32, 36, 40, 42, 44, 48 or 52. The default is 40. With 52 tables of 64 KB pages, and all tables of
    /// cores with FEAT_LPA2, hold all of them; the guest's RAM and the machine's own Stage 2, of 4 KB pages, stay below 2^48.
    /// </summary>
    public int AddressBits { get; init; } = 40;

    /// <summary>Gets the number of vCPUs, 1 to 64. The default is 1.</summary>
    public int VcpuCount { get; init; } = 1;

    /// <summary>
    /// Gets the features of the vCPUs beyond Armv8.0. Instructions of other features are UNDEFINED, and so are those that nothing enables: of FEAT_D128 the
    /// machine has no 128-bit descriptors, and of FEAT_GCS no indirect permissions. FEAT_THE brings TCR2_EL1 and HCRX_EL2 along, whose TCR2En the hypervisor sets where the guest may use it.
    /// </summary>
    public A64Features Features { get; init; } = A64Features.Armv8_0;

    /// <summary>Gets what a wrong authentication code of a pointer leads to; of no effect without FEAT_PAuth. The default is <see cref="PointerAuthenticationLevel.Basic"/>.</summary>
    public PointerAuthenticationLevel PointerAuthentication { get; init; } = PointerAuthenticationLevel.Basic;

    /// <summary>Gets what the vCPUs implement of address translation, which adds no instruction. <see cref="Features"/> imply some: FEAT_VHE brings FEAT_HPDS and FEAT_VMID16, and FEAT_XNX itself.</summary>
    public TranslationFeatures TranslationFeatures { get; init; }

    /// <summary>Gets how many instructions make the system counter advance by one, at least 1. The default is 16. Guest time depends on nothing else, so that runs can be repeated.</summary>
    public ulong InstructionsPerTick { get; init; } = CoreSettings.DefaultInstructionsPerTick;

    /// <summary>Gets the frequency in Hz that CNTFRQ_EL0 reports. The default is 62500000: with the default ratio a guest second is 1000 million instructions.</summary>
    public uint CounterFrequency { get; init; } = CoreSettings.DefaultCounterFrequency;

    /// <summary>
    /// Gets a value indicating whether the outputs of the virtual and physical EL1 timers are wired to the virtual IRQ input of their vCPU, as they are without
    /// an interrupt controller (<see cref="Machine.Connect(HvIntrospect.Mmio.Gic.GicV2)"/>). The default is true.
    /// </summary>
    public bool TimersRaiseVirtualIrq { get; init; } = true;

    /// <summary>Gets what loads and stores do where the architecture leaves a choice.</summary>
    public LoadStoreChoices LoadStoreChoices { get; init; } = LoadStoreChoices.Default;

    /// <summary>Gets the dispatcher.</summary>
    public DispatcherKind Dispatcher { get; init; } = DispatcherKind.Automatic;

    /// <summary>
    /// Gets how many pages of 4096 bytes are held decoded at most, above the number of vCPUs; each takes 33 KB of the host's memory. The default is 4096: 16 MiB of code.
    /// A guest that executes more pages than that runs as exactly, but each further page replaces an older one and is decoded again when it is needed.
    /// </summary>
    public int DecodedPageLimit { get; init; } = DefaultDecodedPageLimit;

    /// <summary>Gets what the instruction cache does with code that the guest rewrites. The default is coherent.</summary>
    public InstructionCacheMode InstructionCache { get; init; }

    /// <summary>
    /// Gets the seed of the choices that the architecture leaves open: which TLB entry goes when there is no room, what two entries for one address lead to (a TLB conflict abort among others), when a stale word of code is fetched anew without
    /// maintenance, what a speculative walker translates, and how <see cref="Machine.Scheduler"/> interleaves the vCPUs. Null, the default, for the most regular ones: the oldest entry, never, and by turns. Runs with the same seed are equal.
    /// </summary>
    public ulong? Seed { get; init; }

    /// <summary>
    /// Gets how many instructions a vCPU executes at most before <see cref="Machine.Scheduler"/> lets another one execute, 1 to 2^30. The default is 32768. With a seed, slices of
    /// each order of magnitude up to it are equally likely; without one, all have this length.
    /// </summary>
    public ulong MaximumSlice { get; init; } = 1UL << 15;

    /// <summary>
    /// Gets a value indicating whether what is done at EL2 is checked against the architecture's rules: <see cref="Machine.Checker"/>. The default is false; guests run
    /// at the same speed, exits and changes of Stage 2 take microseconds longer.
    /// </summary>
    public bool ChecksArchitecture { get; init; }

    /// <summary>
    /// Gets a value indicating whether a speculative walker fills the TLBs, as silicon may at any moment, with translations that nobody has asked for: of a guest that executes, and
    /// behind the hypervisor's back until it issues a DSB on the same core, or changes what the walker uses; on the other cores all along. It needs a <see cref="Seed"/>, from
    /// which its moments and addresses follow. The default is false.
    /// </summary>
    public bool TranslatesSpeculatively { get; init; }

    /// <summary>
    /// Gets how many Stage 2 views the machine can have, the base view included, 1 to 64; with more than 1 it offers <see cref="IStage2Views"/>. The default is 1. With more, the guest's TLB
    /// maintenance is trapped: who runs the machine without an <c>Introspector</c> calls <see cref="IStage2Views.Invalidate"/> itself.
    /// </summary>
    public int MaximumViews { get; init; } = 1;

    /// <summary>Gets the number of address bits that tables of 4 KB pages hold.</summary>
    internal int UsedAddressBits => Math.Min(AddressBits, 48);

    /// <summary>Checks the values.</summary>
    /// <exception cref="ArgumentException">A value is out of its range; the message names it and the limit.</exception>
    internal void Validate()
    {
        ArgumentNullException.ThrowIfNull(LoadStoreChoices);
        Require((RamBase.Value & (Alignment - 1)) == 0, nameof(RamBase), "is a multiple of 2 MiB");
        Require((RamPhysicalBase.Value & (Alignment - 1)) == 0, nameof(RamPhysicalBase), "is a multiple of 2 MiB");
        Require(RamSize != 0 && (RamSize & (Alignment - 1)) == 0, nameof(RamSize), "is a multiple of 2 MiB above 0");
        Require(
            HypervisorMemory.Length != 0 && ((HypervisorMemory.Start.Value | HypervisorMemory.Length) & 0xFFFF) == 0,
            nameof(HypervisorMemory), "starts and ends at multiples of 64 KiB");
        Require(AddressBits is 32 or 36 or 40 or 42 or 44 or 48 or 52, nameof(AddressBits), "is 32, 36, 40, 42, 44, 48 or 52");
        Require((TranslationFeatures & TranslationFeatures.LPA2) == 0 || AddressBits == 52, nameof(TranslationFeatures), "has LPA2 only where AddressBits is 52");
        Require(InstructionsPerTick != 0, nameof(InstructionsPerTick), "is at least 1");
        Require(MaximumSlice is >= 1 and <= LongestSlice, nameof(MaximumSlice), "is 1 to 2^30");
        Require(VcpuCount is >= 1 and <= MaximumVcpus, nameof(VcpuCount), "is 1 to 64");
        Require(MaximumViews is >= 1 and <= MostViews, nameof(MaximumViews), "is 1 to 64");
        Require(
            InstructionCache is InstructionCacheMode.Coherent or InstructionCacheMode.Stale, nameof(InstructionCache), "is one of the named values");
        Require(
            PointerAuthentication is >= PointerAuthenticationLevel.Basic and <= PointerAuthenticationLevel.FaultingCombined,
            nameof(PointerAuthentication), "is one of the named values");
        Require(!TranslatesSpeculatively || Seed is not null, nameof(TranslatesSpeculatively), "needs a Seed");
        Require(DecodedPageLimit > VcpuCount, nameof(DecodedPageLimit), "is above VcpuCount");
        Require(Dispatcher is >= DispatcherKind.Automatic and <= DispatcherKind.Loop, nameof(Dispatcher), "is one of the named values");

        ulong limit = 1UL << UsedAddressBits;
        Require(RamBase.Value < limit && RamSize <= limit - RamBase.Value, nameof(RamBase), "and RamSize stay below 2^AddressBits and 2^48");
        Require(RamPhysicalBase.Value < limit && RamSize <= limit - RamPhysicalBase.Value, nameof(RamPhysicalBase), "and RamSize stay below 2^AddressBits and 2^48");
        Require(
            HypervisorMemory.Start.Value < limit && HypervisorMemory.Length <= limit - HypervisorMemory.Start.Value,
            nameof(HypervisorMemory), "stays below 2^AddressBits and 2^48");
        ulong ramLast = RamPhysicalBase.Value + RamSize - 1;
        ulong hypervisorLast = HypervisorMemory.Start.Value + HypervisorMemory.Length - 1;
        Require(
            HypervisorMemory.Start.Value > ramLast || hypervisorLast < RamPhysicalBase.Value,
            nameof(HypervisorMemory), "does not overlap the guest's RAM");
    }

    private static void Require(bool condition, string name, string rule)
    {
        if (!condition)
        {
            throw new ArgumentException(string.Format(CultureInfo.InvariantCulture, "{0} {1}.", name, rule), name);
        }
    }
}
