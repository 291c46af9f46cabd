using System;
using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.Memory;
using HvIntrospect.Interpreter.State;
using HvIntrospect.Registers;

namespace HvIntrospect.Interpreter.Mmu;

/// <summary>Data accesses that handlers cannot do by host pointer: unknown pages, unaligned accesses, page crossings, flagged pages, faults.</summary>
/// <remarks>An access that crosses into another page is checked for both pages before anything is written.</remarks>
internal static unsafe class DataPath
{
    private const ulong SctlrA = 1UL << 1;

    // Alignment fault.
    private const int AlignmentStatus = 0b100001;

    /// <summary>Finds the bytes of an access, or the fault that it takes.</summary>
    /// <param name="cpu">The vCPU.</param>
    /// <param name="access">The access.</param>
    /// <param name="resolved">The bytes.</param>
    /// <param name="fault">The fault.</param>
    /// <returns>False when the access faults.</returns>
    public static bool TryResolve(CpuState* cpu, in DataAccess access, out ResolvedAccess resolved, out FaultRecord fault)
    {
        resolved = default;
        if (!access.IsAligned && ((access.Flags & DataAccessFlags.Ordered) != 0 || (cpu->System.SctlrEl1 & SctlrA) != 0))
        {
            fault = Alignment(access, access.Va, isStage2: false);
            return false;
        }

        DataTlbEntry* entry = FindPage(cpu, access, access.Va, out fault);
        if (entry is null)
        {
            return false;
        }

        int offset = (int)(access.Va & (PhysicalMemory.PageSize - 1));
        resolved.First = (byte*)(access.Va + entry->Addend);
        resolved.FirstPa = entry->Pa + (ulong)offset;
        resolved.Ipa = entry->Ipa + (ulong)offset;
        resolved.FirstLength = Math.Min(access.Length, (int)PhysicalMemory.PageSize - offset);
        bool crosses = resolved.FirstLength != access.Length;
        bool isFiltered = IsFiltered(entry, access);
        resolved.IsFiltered = isFiltered && (access.Flags & DataAccessFlags.Plain) != 0 && access.IsAligned;
        if (isFiltered && !resolved.IsFiltered)
        {
            return TryResolveAgain(cpu, access, access.Va, out resolved, out fault);
        }

        if (!crosses)
        {
            return true;
        }

        ulong second = (access.Va | (PhysicalMemory.PageSize - 1)) + 1;
        entry = FindPage(cpu, access, second, out fault);
        if (entry is null)
        {
            return false;
        }

        if (IsFiltered(entry, access))
        {
            return TryResolveAgain(cpu, access, second, out resolved, out fault);
        }

        resolved.Second = (byte*)(second + entry->Addend);
        resolved.SecondPa = entry->Pa;
        return true;
    }

    /// <summary>Loads one element.</summary>
    /// <param name="cpu">The vCPU.</param>
    /// <param name="operation">The load.</param>
    /// <param name="access">The access; one element of up to 8 bytes.</param>
    /// <param name="value">The bytes as a little-endian number.</param>
    /// <param name="fault">The fault.</param>
    /// <returns>What happened.</returns>
    public static AccessOutcome Load(CpuState* cpu, Operation* operation, in DataAccess access, out ulong value, out FaultRecord fault)
    {
        value = 0;
        if (!TryResolve(cpu, access, out ResolvedAccess resolved, out fault))
        {
            return AccessOutcome.Faulted;
        }

        ulong bytes = 0;
        resolved.Read(new Span<byte>(&bytes, access.Length));
        value = bytes;
        return resolved.IsFiltered ? Processor.Of(cpu).Filter.Decide(cpu, operation, access, resolved, ref value, ref fault) : AccessOutcome.Done;
    }

    /// <summary>Stores one element.</summary>
    /// <param name="cpu">The vCPU.</param>
    /// <param name="operation">The store.</param>
    /// <param name="access">The access; one element of up to 8 bytes.</param>
    /// <param name="value">The bytes as a little-endian number; higher bits are ignored.</param>
    /// <param name="fault">The fault.</param>
    /// <returns>What happened.</returns>
    public static AccessOutcome Store(CpuState* cpu, Operation* operation, in DataAccess access, ulong value, out FaultRecord fault)
    {
        if (!TryResolve(cpu, access, out ResolvedAccess resolved, out fault))
        {
            return AccessOutcome.Faulted;
        }

        Processor processor = Processor.Of(cpu);
        if (resolved.IsFiltered)
        {
            AccessOutcome outcome = processor.Filter.Decide(cpu, operation, access, resolved, ref value, ref fault);
            if (outcome != AccessOutcome.Done)
            {
                return outcome;
            }
        }

        resolved.Write(processor.Memory, new ReadOnlySpan<byte>(&value, access.Length));
        return AccessOutcome.Done;
    }

    /// <summary>Takes the denial's fault, or forgets a page whose translation has changed since it was remembered, and resolves from the start.</summary>
    private static bool TryResolveAgain(CpuState* cpu, in DataAccess access, ulong va, out ResolvedAccess resolved, out FaultRecord fault)
    {
        resolved = default;
        Processor.Of(cpu).Translator.Translate(cpu, va, Kind(access), Level(cpu, access), out TranslationResult result);
        fault = result.Fault;
        if (!result.IsMapped)
        {
            return false;
        }

        // What was resolved is the old page: performing the access there would hide it from whoever watches that page.
        FastTlb.FlushPage(cpu, va);
        return TryResolve(cpu, access, out resolved, out fault);
    }

    private static AccessKind Kind(in DataAccess access) => access.IsWrite ? AccessKind.Write : AccessKind.Read;

    private static int Level(CpuState* cpu, in DataAccess access) =>
        (access.Flags & DataAccessFlags.Unprivileged) != 0 ? ProcessState.UnprivilegedLevel(cpu) : ProcessState.ExceptionLevel(cpu);

    private static bool IsFiltered(DataTlbEntry* entry, in DataAccess access) =>
        (entry->Flags & (access.IsWrite ? DataPageFlags.FilterWrite : DataPageFlags.FilterRead)) != 0;

    private static FaultRecord Alignment(in DataAccess access, ulong va, bool isStage2) =>
        new() { Status = new FaultStatus(AlignmentStatus), IsStage2 = isStage2, IsWrite = access.IsWrite, Va = va };

    /// <summary>Finds the page of a byte and checks everything but the filter.</summary>
    private static DataTlbEntry* FindPage(CpuState* cpu, in DataAccess access, ulong va, out FaultRecord fault)
    {
        int el = Level(cpu, access);
        ulong page = va & ~(PhysicalMemory.PageSize - 1);
        DataTlbEntry* entry = DataTlbEntry.Of(el == 0 ? cpu->DataTlbEl0 : cpu->DataTlbEl1, va);
        DataPageFlags wanted = access.IsWrite ? DataPageFlags.Write | DataPageFlags.FilterWrite : DataPageFlags.Read | DataPageFlags.FilterRead;
        fault = default;
        if ((entry->PageTag != page || (entry->Flags & wanted) == 0) && !TryFill(cpu, entry, access, va, el, out fault))
        {
            return null;
        }

        DataPageFlags flags = entry->Flags;
        if (!access.IsAligned && (flags & DataPageFlags.Device) != 0)
        {
            fault = Alignment(access, va, (flags & DataPageFlags.Stage2Device) != 0);
            return null;
        }

        if ((flags & DataPageFlags.Ram) == 0)
        {
            fault = FaultRecord.External(va, access.IsWrite);
            return null;
        }

        if (access.IsWrite && entry->WriteTag != page && (flags & DataPageFlags.Write) != 0)
        {
            AllowWrites(cpu, entry, page);
        }

        return entry;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool TryFill(CpuState* cpu, DataTlbEntry* entry, in DataAccess access, ulong va, int el, out FaultRecord fault)
    {
        Processor processor = Processor.Of(cpu);
        processor.Translator.Translate(cpu, va, Kind(access), el, out TranslationResult result);
        fault = result.Fault;
        if (!result.IsMapped && !fault.IsInlineDenial)
        {
            return false;
        }

        ulong page = va & ~(PhysicalMemory.PageSize - 1);

        // The other direction may be denied too, if the page is still the same.
        bool isSame = entry->PageTag == page && entry->Ipa == (result.Ipa & ~(PhysicalMemory.PageSize - 1));
        DataPageFlags flags = isSame ? entry->Flags & (DataPageFlags.FilterRead | DataPageFlags.FilterWrite) : DataPageFlags.None;
        flags |= (result.Permitted & Stage2Access.Read) != 0 ? DataPageFlags.Read : DataPageFlags.None;
        flags |= (result.Permitted & Stage2Access.Write) != 0 ? DataPageFlags.Write : DataPageFlags.None;
        flags |= result.IsDevice ? DataPageFlags.Device : DataPageFlags.None;
        flags |= result.IsStage2Device ? DataPageFlags.Stage2Device : DataPageFlags.None;
        if (fault.IsInlineDenial)
        {
            flags |= access.IsWrite ? DataPageFlags.FilterWrite : DataPageFlags.FilterRead;
        }

        entry->PageTag = page;
        entry->Pa = result.Pa & ~(PhysicalMemory.PageSize - 1);
        entry->Ipa = result.Ipa & ~(PhysicalMemory.PageSize - 1);
        entry->ReadTag = DataTlbEntry.NoPage;
        entry->WriteTag = DataTlbEntry.NoPage;
        if (processor.Memory.TryGetPage(result.Pa, out RamPage ram))
        {
            flags |= DataPageFlags.Ram;
            entry->Addend = (ulong)ram.Host - page;

            // Big-endian data never lies as the host would read it.
            bool isDirect = !DerivedState.MaySwapBytes(cpu);
            entry->ReadTag = isDirect && (flags & DataPageFlags.Read) != 0 ? page : DataTlbEntry.NoPage;
            entry->WriteTag = isDirect && (flags & DataPageFlags.Write) != 0 && *ram.Flags == PageFlags.None ? page : DataTlbEntry.NoPage;
        }

        entry->Flags = flags;
        return true;
    }

    private static void AllowWrites(CpuState* cpu, DataTlbEntry* entry, ulong page)
    {
        if (Processor.Of(cpu).Memory.TryGetPage(entry->Pa, out RamPage ram) && *ram.Flags == PageFlags.None && !DerivedState.MaySwapBytes(cpu))
        {
            entry->WriteTag = page;
        }
    }
}
