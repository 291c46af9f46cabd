using System;
using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Debug;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.Memory;
using HvIntrospect.Interpreter.State;
using HvIntrospect.Registers;

namespace HvIntrospect.Interpreter.Mmu;

/// <summary>Data accesses that handlers cannot do by host pointer: unknown pages, unaligned accesses, page crossings, flagged pages, faults.</summary>
/// <remarks>An access that crosses into another page is checked for both pages before anything is written.</remarks>
internal static unsafe class DataPath
{
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
        if (!access.IsAligned && ((access.Flags & DataAccessFlags.Ordered) != 0 || RegimeControls.Sctlr(cpu).Has(SctlrBits.A)))
        {
            fault = Alignment(access, access.Va, isStage2: false);
            return false;
        }

        DataTlbEntry* entry = FindPage(cpu, access, access.Va, out fault);
        if (entry is null)
        {
            return false;
        }

        int offset = (int)OffsetOf(access.Va);
        resolved.First = (byte*)(access.Va + entry->Addend);
        resolved.FirstPa = entry->Pa + (ulong)offset;
        resolved.FirstLength = Math.Min(access.Length, (int)PhysicalMemory.PageSize - offset);
        bool crosses = resolved.FirstLength != access.Length;
        bool isFiltered = IsFiltered(entry, access);
        resolved.IsFiltered = isFiltered && IsFilterable(access);
        if (isFiltered && !resolved.IsFiltered)
        {
            return TryResolveAgain(cpu, access, access.Va, out resolved, out fault);
        }

        if (!isFiltered && IsWatched(cpu, entry, access, access.Va, resolved.FirstLength, out fault))
        {
            return false;
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

        if (IsWatched(cpu, entry, access, second, access.Length - resolved.FirstLength, out fault))
        {
            return false;
        }

        resolved.Second = (byte*)(second + entry->Addend);
        resolved.SecondPa = entry->Pa;
        return true;
    }

    /// <summary>Tells whether an access is one that only the reference semantics know how to make: of big-endian data, or of Tagged memory while tags are checked.</summary>
    /// <param name="cpu">The vCPU.</param>
    /// <param name="access">The access.</param>
    /// <returns>True when it is.</returns>
    public static bool NeedsReference(CpuState* cpu, in DataAccess access) =>
        cpu->IsBigEndian != 0
        || (cpu->ChecksTags != 0 && (IsTagged(cpu, access, access.Va) || IsTagged(cpu, access, access.Va + (ulong)access.Length - 1)));

    /// <summary>Loads one element.</summary>
    /// <param name="cpu">The vCPU.</param>
    /// <param name="operation">The load.</param>
    /// <param name="access">The access; one element of up to 8 bytes.</param>
    /// <param name="value">The bytes as a little-endian number.</param>
    /// <param name="fault">The fault.</param>
    /// <returns>What happened.</returns>
    public static AccessOutcome Load(CpuState* cpu, Operation* operation, in DataAccess access, out ulong value, out FaultRecord fault)
    {
        DataTlbEntry* entry = EntryOf(cpu, access, access.Va);
        if (!IsDeniedElement(entry, access))
        {
            return LoadInFull(cpu, operation, access, out value, out fault);
        }

        value = 0;
        if (IsWatched(cpu, entry, access, access.Va, access.Length, out fault))
        {
            return AccessOutcome.Faulted;
        }

        Processor processor = Processor.Of(cpu);
        ulong ipa = entry->Ipa + OffsetOf(access.Va);
        value = ReadElement(access, (byte*)(access.Va + entry->Addend));
        return processor.Filter.Passes(processor, ipa, access)
            ? AccessOutcome.Done
            : processor.Filter.Offer(processor, operation, access, ipa, value, ref value, out fault);
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
        DataTlbEntry* entry = EntryOf(cpu, access, access.Va);
        if (!IsDeniedElement(entry, access))
        {
            return StoreInFull(cpu, operation, access, value, out fault);
        }

        if (IsWatched(cpu, entry, access, access.Va, access.Length, out fault))
        {
            return AccessOutcome.Faulted;
        }

        // A handler may make the machine forget the page.
        ulong old = ReadElement(access, (byte*)(access.Va + entry->Addend));
        ulong pa = entry->Pa + OffsetOf(access.Va);
        ulong ipa = entry->Ipa + OffsetOf(access.Va);
        Processor processor = Processor.Of(cpu);
        AccessOutcome outcome = processor.Filter.Passes(processor, ipa, access)
            ? AccessOutcome.Done
            : processor.Filter.Offer(processor, operation, access, ipa, old, ref value, out fault);
        if (outcome == AccessOutcome.Done)
        {
            processor.Memory.WriteInPage(pa, new ReadOnlySpan<byte>(&value, access.Length));
        }

        return outcome;
    }

    // The rest of both stands apart: it needs a large stack frame, and accesses to watched pages are many.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static AccessOutcome LoadInFull(CpuState* cpu, Operation* operation, in DataAccess access, out ulong value, out FaultRecord fault)
    {
        value = 0;
        if (!TryResolve(cpu, access, out ResolvedAccess resolved, out fault))
        {
            return AccessOutcome.Faulted;
        }

        if (resolved.IsFiltered)
        {
            // Now this is remembered of the page.
            return Load(cpu, operation, access, out value, out fault);
        }

        ulong bytes = 0;
        resolved.Read(new Span<byte>(&bytes, access.Length));
        value = bytes;
        return AccessOutcome.Done;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static AccessOutcome StoreInFull(CpuState* cpu, Operation* operation, in DataAccess access, ulong value, out FaultRecord fault)
    {
        if (!TryResolve(cpu, access, out ResolvedAccess resolved, out fault))
        {
            return AccessOutcome.Faulted;
        }

        if (resolved.IsFiltered)
        {
            return Store(cpu, operation, access, value, out fault);
        }

        resolved.Write(Processor.Of(cpu).Memory, new ReadOnlySpan<byte>(&value, access.Length));
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

    private static DataTlbEntry* EntryOf(CpuState* cpu, in DataAccess access, ulong va) =>
        DataTlbEntry.Of(Level(cpu, access) == 0 ? cpu->DataTlbEl0 : cpu->DataTlbEl1, va);

    private static ulong PageOf(ulong va) => va & ~(PhysicalMemory.PageSize - 1);

    private static ulong OffsetOf(ulong va) => va & (PhysicalMemory.PageSize - 1);

    /// <summary>Tells whether an access is one element that the filter decides, as far as it is remembered: with a watch that is every access to its page.</summary>
    private static bool IsDeniedElement(DataTlbEntry* entry, in DataAccess access) =>
        entry->PageTag == PageOf(access.Va) && (entry->Flags & DataPageFlags.Ram) != 0 && IsFiltered(entry, access) && IsFilterable(access);

    private static bool IsFilterable(in DataAccess access) => (access.Flags & DataAccessFlags.Plain) != 0 && access.IsAligned;

    private static ulong ReadElement(in DataAccess access, byte* host) => access.Length switch
    {
        1 => *host,
        2 => *(ushort*)host,
        4 => *(uint*)host,
        _ => *(ulong*)host,
    };

    private static AccessKind Kind(in DataAccess access) => access.IsWrite ? AccessKind.Write : AccessKind.Read;

    private static int Level(CpuState* cpu, in DataAccess access) =>
        (access.Flags & DataAccessFlags.Unprivileged) != 0 ? ProcessState.UnprivilegedLevel(cpu) : ProcessState.ExceptionLevel(cpu);

    private static bool IsFiltered(DataTlbEntry* entry, in DataAccess access) =>
        (entry->Flags & (access.IsWrite ? DataPageFlags.FilterWrite : DataPageFlags.FilterRead)) != 0;

    private static FaultRecord Alignment(in DataAccess access, ulong va, bool isStage2) =>
        new() { Status = new FaultStatus(AlignmentStatus), IsStage2 = isStage2, IsWrite = access.IsWrite, Va = va };

    /// <summary>Tells whether a part of an access in one page hits a watchpoint, which is taken like a fault.</summary>
    private static bool IsWatched(CpuState* cpu, DataTlbEntry* entry, in DataAccess access, ulong va, int length, out FaultRecord fault)
    {
        fault = default;
        return (entry->Flags & DataPageFlags.Watchpoint) != 0
            && FaultRecord.TryWatchpoint(cpu, va, length, Level(cpu, access), !access.IsWrite, access.IsWrite, out fault);
    }

    /// <summary>Finds the page of a byte and checks everything but the filter.</summary>
    private static DataTlbEntry* FindPage(CpuState* cpu, in DataAccess access, ulong va, out FaultRecord fault)
    {
        ulong page = PageOf(va);
        DataTlbEntry* entry = EntryOf(cpu, access, va);
        DataPageFlags wanted = access.IsWrite ? DataPageFlags.Write | DataPageFlags.FilterWrite : DataPageFlags.Read | DataPageFlags.FilterRead;
        fault = default;
        if ((entry->PageTag != page || (entry->Flags & wanted) == 0) && !TryFill(cpu, entry, access, va, out fault))
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

        if (access.IsWrite && entry->WriteTag != page && (flags & (DataPageFlags.Write | DataPageFlags.Watchpoint)) == DataPageFlags.Write)
        {
            AllowWrites(cpu, entry, page);
        }

        return entry;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool TryFill(CpuState* cpu, DataTlbEntry* entry, in DataAccess access, ulong va, out FaultRecord fault)
    {
        Processor processor = Processor.Of(cpu);
        processor.Translator.Translate(cpu, va, Kind(access), Level(cpu, access), out TranslationResult result);
        fault = result.Fault;
        if (!result.IsMapped && !fault.IsInlineDenial)
        {
            return false;
        }

        ulong page = PageOf(va);

        // The other direction may be denied too, if the page is still the same.
        bool isSame = entry->PageTag == page && entry->Ipa == PageOf(result.Ipa);
        DataPageFlags flags = isSame ? entry->Flags & (DataPageFlags.FilterRead | DataPageFlags.FilterWrite) : DataPageFlags.None;
        flags |= (result.Permitted & Stage2Access.Read) != 0 ? DataPageFlags.Read : DataPageFlags.None;
        flags |= (result.Permitted & Stage2Access.Write) != 0 ? DataPageFlags.Write : DataPageFlags.None;
        flags |= result.IsDevice ? DataPageFlags.Device : DataPageFlags.None;
        flags |= result.IsStage2Device ? DataPageFlags.Stage2Device : DataPageFlags.None;
        flags |= result.IsTagged ? DataPageFlags.Tagged : DataPageFlags.None;
        flags |= WatchpointRegisters.AreAnyIn(cpu, page, (int)PhysicalMemory.PageSize) ? DataPageFlags.Watchpoint : DataPageFlags.None;
        if (fault.IsInlineDenial)
        {
            flags |= access.IsWrite ? DataPageFlags.FilterWrite : DataPageFlags.FilterRead;
        }

        entry->PageTag = page;
        entry->Pa = PageOf(result.Pa);
        entry->Ipa = PageOf(result.Ipa);
        entry->ReadTag = DataTlbEntry.NoPage;
        entry->WriteTag = DataTlbEntry.NoPage;
        if (processor.Memory.TryGetPage(result.Pa, out RamPage ram))
        {
            flags |= DataPageFlags.Ram;
            entry->Addend = (ulong)ram.Host - page;

            // Handlers do not look at watchpoints.
            bool isDirect = MayBeDirect(cpu, flags) && (flags & DataPageFlags.Watchpoint) == 0;
            entry->ReadTag = isDirect && (flags & DataPageFlags.Read) != 0 ? page : DataTlbEntry.NoPage;
            entry->WriteTag = isDirect && (flags & DataPageFlags.Write) != 0 && *ram.Flags == PageFlags.None ? page : DataTlbEntry.NoPage;
        }

        entry->Flags = flags;
        return true;
    }

    // Big-endian data never lies as the host would read it, and handlers do not look at tags.
    private static bool MayBeDirect(CpuState* cpu, DataPageFlags flags) =>
        !DerivedState.MaySwapBytes(cpu) && ((flags & DataPageFlags.Tagged) == 0 || cpu->ChecksTags == 0);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool IsTagged(CpuState* cpu, in DataAccess access, ulong va)
    {
        Processor.Of(cpu).Translator.Translate(cpu, va, Kind(access), Level(cpu, access), out TranslationResult result);
        return result.IsTagged;
    }

    private static void AllowWrites(CpuState* cpu, DataTlbEntry* entry, ulong page)
    {
        if (Processor.Of(cpu).Memory.TryGetPage(entry->Pa, out RamPage ram) && *ram.Flags == PageFlags.None && MayBeDirect(cpu, entry->Flags))
        {
            entry->WriteTag = page;
        }
    }
}
