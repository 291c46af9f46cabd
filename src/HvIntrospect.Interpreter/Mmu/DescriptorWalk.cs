using System.Buffers.Binary;
using System.Threading;
using HvIntrospect.Interpreter.Memory;
using HvIntrospect.Interpreter.State;
using HvIntrospect.Registers;
using HvIntrospect.Translation;

namespace HvIntrospect.Interpreter.Mmu;

/// <summary>Walks the tables of one stage from the root to a leaf, and writes what hardware manages of the leaf.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "Translation process". Every descriptor is hostile: a walk reads at most five of them and never fails.</remarks>
internal sealed unsafe class DescriptorWalk
{
    private const ulong ValidBit = 1;
    private const ulong TableOrPageBit = 2;
    private const ulong ReadOnlyOrWritableBit = 1UL << 7;
    private const ulong AccessFlagBit = 1UL << 10;
    private const ulong NoTableBit = 1UL << 16;
    private const ulong DirtyBitModifier = 1UL << 51;
    private const ulong ContiguousBit = 1UL << 52;

    private readonly PhysicalMemory _memory;
    private readonly Stage2Lookup? _tables;

    /// <summary>Initialises the walker of a stage.</summary>
    /// <param name="memory">The RAM, which holds the tables.</param>
    /// <param name="tables">What the addresses of Stage 1 tables go through, or null for Stage 2.</param>
    public DescriptorWalk(PhysicalMemory memory, Stage2Lookup? tables)
    {
        _memory = memory;
        _tables = tables;
    }

    /// <summary>Gets the tables that it remembers.</summary>
    public WalkCache Cache { get; } = new();

    /// <summary>Tells whether the walker itself makes a descriptor writable at the first write.</summary>
    /// <param name="setup">The walk.</param>
    /// <param name="descriptor">The leaf.</param>
    /// <returns>True for writable-clean and writable-dirty ones.</returns>
    public static bool IsManaged(in WalkSetup setup, ulong descriptor) => setup.HardwareDirtyState && (descriptor & DirtyBitModifier) != 0;

    /// <summary>Tells whether a descriptor permits writes as it stands in memory.</summary>
    /// <param name="setup">The walk.</param>
    /// <param name="descriptor">The leaf.</param>
    /// <returns>True when it does.</returns>
    public static bool IsDirty(in WalkSetup setup, ulong descriptor) => (descriptor & ReadOnlyOrWritableBit) != 0 == setup.IsStage2;

    /// <summary>Tells whether a descriptor has the Access flag as it stands in memory.</summary>
    /// <param name="descriptor">The leaf.</param>
    /// <returns>True when it has.</returns>
    public static bool IsAccessed(ulong descriptor) => (descriptor & AccessFlagBit) != 0;

    /// <summary>Tells whether a TLB keeps what a leaf says: one with the Access flag, unless it is a block with nT.</summary>
    /// <param name="descriptor">The leaf.</param>
    /// <param name="level">Its level.</param>
    /// <param name="features">What the core implements of translation.</param>
    /// <returns>True when it does.</returns>
    public static bool IsKept(ulong descriptor, int level, TranslationFeatures features) =>
        IsAccessed(descriptor) && !(level < 3 && (descriptor & NoTableBit) != 0 && (features & TranslationFeatures.BBML1) != 0);

    /// <summary>Walks to the leaf of an address.</summary>
    /// <param name="cpu">The vCPU.</param>
    /// <param name="setup">The geometry.</param>
    /// <param name="input">The address.</param>
    /// <param name="fault">Receives the fault.</param>
    /// <param name="leaf">The leaf.</param>
    /// <returns>False for a fault, which may be one of Stage 2.</returns>
    public bool TryWalk(CpuState* cpu, in WalkSetup setup, ulong input, ref FaultRecord fault, out WalkLeaf leaf)
    {
        leaf = default;
        TableFormat format = setup.Format;
        int level = setup.StartLevel;
        ulong table = setup.Root;
        if (table >> setup.OutputBits != 0)
        {
            return fault.Fail(FaultKind.AddressSize, 0);
        }

        bool isInside = Cache.TryFind(setup, input, ref level, ref table, ref leaf.Hierarchy);
        int shift = format.ShiftAt(level);
        ulong entries = 1UL << (isInside ? format.Stride : setup.InputBits - shift);
        while (true)
        {
            leaf.DescriptorAddress = table + (((input >> shift) & (entries - 1)) * 8);
            if (!TryRead(cpu, setup, level, ref fault, ref leaf))
            {
                return false;
            }

            ulong descriptor = leaf.Descriptor;
            bool isTableOrPage = (descriptor & TableOrPageBit) != 0;
            if ((descriptor & ValidBit) == 0 || (!isTableOrPage && (level < format.FirstBlockLevel || level == 3)))
            {
                return fault.Fail(FaultKind.Translation, level);
            }

            bool isLeaf = level == 3 || !isTableOrPage;
            ulong output = format.OutputOf(descriptor, isLeaf ? shift : format.PageShift);
            if (output >> setup.OutputBits != 0)
            {
                return fault.Fail(FaultKind.AddressSize, level);
            }

            if (isLeaf)
            {
                leaf.Output = output;
                leaf.Level = level;
                leaf.Shift = shift;
                leaf.Span = SpanOf(setup, leaf, input);
                bool isSetByWalker = setup.HardwareAccessFlag && setup.Demand.Purpose != WalkPurpose.Speculation;
                return isSetByWalker || IsAccessed(descriptor) || fault.Fail(FaultKind.AccessFlag, level);
            }

            leaf.Hierarchy |= descriptor;
            table = output;
            Cache.Add(setup, input, shift, table, leaf.Hierarchy);
            level++;
            shift -= format.Stride;
            entries = 1UL << format.Stride;
        }
    }

    /// <summary>Writes what hardware manages of a leaf: the Access flag and, for a write, the dirty state, by one compare-exchange.</summary>
    /// <param name="cpu">The vCPU.</param>
    /// <param name="setup">The walk.</param>
    /// <param name="dirties">True for a write that the stage permits.</param>
    /// <param name="fault">Receives the fault: one of Stage 2 for a Stage 1 descriptor that may not be written.</param>
    /// <param name="leaf">The leaf, which follows.</param>
    /// <param name="isChanged">True when the descriptor has changed since it was read: the walk is made again.</param>
    /// <returns>False for a fault.</returns>
    public bool TryUpdate(CpuState* cpu, in WalkSetup setup, bool dirties, ref FaultRecord fault, ref WalkLeaf leaf, out bool isChanged)
    {
        isChanged = false;
        ulong updated = leaf.Descriptor | (setup.HardwareAccessFlag ? AccessFlagBit : 0);
        if (dirties && IsManaged(setup, updated) && !IsDirty(setup, updated))
        {
            updated ^= ReadOnlyOrWritableBit;
        }

        if (setup.Demand.Purpose != WalkPurpose.Access || updated == leaf.Descriptor)
        {
            return true;
        }

        if (setup.TablesThroughStage2
            && !_tables!.TryReachTable(cpu, leaf.DescriptorAddress, setup.Demand.OnTable(updates: true), ref fault, out leaf.DescriptorPa))
        {
            return false;
        }

        isChanged = !_memory.TryExchange(leaf.DescriptorPa, InMemory(setup, leaf.Descriptor), InMemory(setup, updated));
        leaf.Descriptor = updated;
        return true;
    }

    // A hint that contradicts the output address, or spans more than there is, is ignored: CONSTRAINED UNPREDICTABLE.
    private static int SpanOf(in WalkSetup setup, in WalkLeaf leaf, ulong input)
    {
        int span = leaf.Shift + setup.Format.ContiguousLog2(leaf.Level);
        ulong within = (1UL << span) - (1UL << leaf.Shift);
        return !setup.IgnoresContiguous && (leaf.Descriptor & ContiguousBit) != 0 && span <= setup.InputBits && ((leaf.Output ^ input) & within) == 0 ? span : leaf.Shift;
    }

    private static ulong InMemory(in WalkSetup setup, ulong descriptor) =>
        setup.BigEndian ? BinaryPrimitives.ReverseEndianness(descriptor) : descriptor;

    private bool TryRead(CpuState* cpu, in WalkSetup setup, int level, ref FaultRecord fault, ref WalkLeaf leaf)
    {
        leaf.DescriptorPa = leaf.DescriptorAddress;
        if (setup.TablesThroughStage2
            && !_tables!.TryReachTable(cpu, leaf.DescriptorAddress, setup.Demand.OnTable(updates: false), ref fault, out leaf.DescriptorPa))
        {
            return false;
        }

        if (!_memory.TryGetPage(leaf.DescriptorPa, out RamPage page))
        {
            return fault.Fail(FaultKind.SynchronousExternalOnWalk, level);
        }

        leaf.Descriptor = InMemory(setup, Volatile.Read(ref *(ulong*)(page.Host + (leaf.DescriptorPa & (PhysicalMemory.PageSize - 8)))));
        return true;
    }
}
