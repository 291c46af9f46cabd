using System;
using HvIntrospect.A64;
using HvIntrospect.Registers;

namespace HvIntrospect.LoadStores;

/// <summary>Performs the memory copies and sets (FEAT_MOPS): CPYF*, CPY*, SET* and SETG*.</summary>
/// <remarks>
/// <para>Arm Architecture Reference Manual (DDI 0487), "Memory Copy and Memory Set instructions". How much each stage does is IMPLEMENTATION DEFINED: here
/// the prologue brings the registers into the form of its option and moves nothing, the main part moves everything, the epilogue what another
/// processor's main part has left. The main part and the epilogue take the form of either option, as PSTATE.C says, but for a core's own.</para>
/// <para>Bytes are moved in blocks that lie in one page at both ends. All of a block's faults come before its first side effect; after each block the
/// registers say how far it went, so that whatever ends the instruction there, executing it again goes on.</para>
/// </remarks>
internal static class MemoryOperations
{
    private const int BlockSize = 64;
    private const int PageSize = 4096;
    private const int MaximumBlocks = 2 * PageSize / BlockSize;
    private const int Granule = 16;
    private const int TagShift = 56;
    private const uint FlagN = 1u << 31;
    private const uint FlagC = 1u << 29;
    private const ulong MaximumSize = long.MaxValue;
    private const ulong MaximumCopySize = 0x007F_FFFF_FFFF_FFFF;
    private const ulong MaximumTagSize = 0x7FFF_FFFF_FFFF_FFF0;
    private const ulong CopyAddressMask = 0x00FF_FFFF_FFFF_FFFF;

    /// <summary>Performs one instruction, or a part of it.</summary>
    /// <typeparam name="TBus">The bus.</typeparam>
    /// <param name="access">The instruction.</param>
    /// <param name="environment">The state that it depends on.</param>
    /// <param name="bus">Registers, translation and memory.</param>
    /// <returns>How it ended; <see cref="EmulationOutcome.Progressed"/> when there is more to do.</returns>
    public static EmulationResult Perform<TBus>(in LoadStoreAccess access, in LoadStoreEnvironment environment, ref TBus bus)
        where TBus : struct, ILoadStoreBus
    {
        if (access.AccessesTags && environment.AccessesTags && !bus.HasTags)
        {
            return EmulationResult.Unsupported(UnsupportedReason.TagMemory);
        }

        if (access.AccessesTags && IsMisaligned(access, ref bus, out Va address))
        {
            return EmulationResult.DataAbort(FaultStatus.Create(FaultKind.Alignment), address, isWrite: true);
        }

        if (access.Stage == MemoryOperationStage.Prologue)
        {
            Prepare(access, environment.Choices.UsesOptionB, ref bus);
            return EmulationResult.Completed;
        }

        bool isOptionB = (bus.Flags & FlagC) != 0;
        long size = unchecked((long)bus.GetGeneral(access.Rn));

        // IMPLEMENTATION DEFINED whether registers are checked when nothing is left to do: they are not.
        if (size != 0 && environment.ChecksOption && isOptionB != environment.Choices.UsesOptionB)
        {
            return EmulationResult.MemoryOperation(SyndromeOf(access, environment.Choices.UsesOptionB, isWrongOption: true));
        }

        if (isOptionB ? size < 0 : size > 0 && access.Operation != LoadStoreOperation.Copy)
        {
            return EmulationResult.MemoryOperation(SyndromeOf(access, isOptionB, isWrongOption: false));
        }

        bool isForward = isOptionB ? access.Operation != LoadStoreOperation.Copy || (bus.Flags & FlagN) == 0 : size < 0;
        for (int i = 0; i < MaximumBlocks && size != 0; i++)
        {
            if (!TryMoveBlock(access, environment, isOptionB, isForward, ref bus, out EmulationResult failure))
            {
                return failure;
            }

            size = unchecked((long)bus.GetGeneral(access.Rn));
        }

        return size == 0 ? EmulationResult.Completed : EmulationResult.Progressed;
    }

    /// <summary>SETG* works on whole granules: of size and, where there is a size, of address.</summary>
    private static bool IsMisaligned<TBus>(in LoadStoreAccess access, ref TBus bus, out Va address)
        where TBus : struct, ILoadStoreBus
    {
        ulong size = bus.GetGeneral(access.Rn);
        address = new Va(bus.GetGeneral(access.Rd));
        return size % Granule != 0 || (size != 0 && address.OffsetIn(Granule) != 0);
    }

    /// <summary>Brings the registers into the form of an option.</summary>
    private static void Prepare<TBus>(in LoadStoreAccess access, bool usesOptionB, ref TBus bus)
        where TBus : struct, ILoadStoreBus
    {
        ulong to = bus.GetGeneral(access.Rd);
        ulong from = IsCopy(access) ? bus.GetGeneral(access.Rs) : 0;
        ulong size = Math.Min(bus.GetGeneral(access.Rn), access.Operation switch
        {
            LoadStoreOperation.Copy => MaximumCopySize,
            LoadStoreOperation.FillWithTags => MaximumTagSize,
            _ => MaximumSize,
        });

        // A copy runs backwards only where forwards it would overwrite what it has still to read; elsewhere the direction is IMPLEMENTATION DEFINED.
        ulong low = from & CopyAddressMask;
        ulong high = to & CopyAddressMask;
        bool isForward = access.Operation != LoadStoreOperation.Copy || low >= high || high - low >= size;
        unchecked
        {
            bool atEnd = usesOptionB ? !isForward : isForward;
            if (atEnd)
            {
                to += size;
                from += size;
            }

            if (!usesOptionB && isForward)
            {
                size = 0 - size;
            }
        }

        bus.SetGeneral(access.Rd, to);
        bus.SetGeneral(access.Rn, size);
        if (IsCopy(access))
        {
            bus.SetGeneral(access.Rs, from);
        }

        bus.Flags = (usesOptionB ? FlagC : 0) | (usesOptionB && !isForward ? FlagN : 0);
    }

    private static bool IsCopy(in LoadStoreAccess access) => access.Operation is LoadStoreOperation.Copy or LoadStoreOperation.CopyForward;

    /// <summary>Moves one block and notes in the registers that it is done.</summary>
    private static bool TryMoveBlock<TBus>(
        in LoadStoreAccess access, in LoadStoreEnvironment environment, bool isOptionB, bool isForward, ref TBus bus, out EmulationResult failure)
        where TBus : struct, ILoadStoreBus
    {
        ulong size = bus.GetGeneral(access.Rn);
        ulong to = bus.GetGeneral(access.Rd);
        ulong from = IsCopy(access) ? bus.GetGeneral(access.Rs) : 0;
        ulong rest = !isOptionB && isForward ? unchecked(0 - size) : size;

        // The edge where the copy goes on: Option A counts from an address that stays.
        ulong edge = isOptionB ? 0 : size;
        var target = new Va(unchecked(to + edge));
        var source = new Va(unchecked(from + edge));
        int length = (int)Math.Min(rest, BlockSize);
        length = LimitToPage(target, length, isForward);
        if (IsCopy(access))
        {
            length = LimitToPage(source, length, isForward);
        }

        if (!isForward)
        {
            target = new Va(unchecked(target.Value - (ulong)length));
            source = new Va(unchecked(source.Value - (ulong)length));
        }

        if (!TryTransfer(access, environment, target, source, length, ref bus, out failure))
        {
            return false;
        }

        ulong step = isForward ? (ulong)length : unchecked(0 - (ulong)length);
        bus.SetGeneral(access.Rn, unchecked(!isOptionB && isForward ? size + (ulong)length : size - (ulong)length));
        if (isOptionB)
        {
            bus.SetGeneral(access.Rd, unchecked(to + step));
            if (IsCopy(access))
            {
                bus.SetGeneral(access.Rs, unchecked(from + step));
            }
        }

        return true;
    }

    /// <summary>Shortens a block so that it stays in the page where it begins.</summary>
    private static int LimitToPage(Va edge, int length, bool isForward)
    {
        int offset = (int)edge.OffsetIn(PageSize);
        int room = isForward ? PageSize - offset : offset == 0 ? PageSize : offset;
        return Math.Min(length, room);
    }

    private static bool TryTransfer<TBus>(
        in LoadStoreAccess access, in LoadStoreEnvironment environment, Va target, Va source, int length, ref TBus bus, out EmulationResult failure)
        where TBus : struct, ILoadStoreBus
    {
        const int SourcePage = 0;
        const int TargetPage = 1;
        LoadStorePage sourcePage = default;
        if (IsCopy(access)
            && !AccessElements.TryTranslatePage(access, LoadStoreDirection.Read, true, source, SourcePage, ref bus, out sourcePage, out failure))
        {
            return false;
        }

        // Tags of Device memory cannot be stored.
        if (!AccessElements.TryTranslatePage(
            access, LoadStoreDirection.Write, !access.AccessesTags, target, TargetPage, ref bus, out LoadStorePage targetPage, out failure))
        {
            return false;
        }

        int targetSize = SizeOf(target, length);
        Span<LoadStoreElement> written = stackalloc LoadStoreElement[length / targetSize];
        Place(written, target, targetSize, targetPage.Start, TargetPage);
        LoadStoreAnswer answer;
        bool isChecked = environment.TagChecks.AreAnyChecked;
        if (IsCopy(access))
        {
            int size = SizeOf(source, length);
            Span<LoadStoreElement> read = stackalloc LoadStoreElement[length / size];
            Place(read, source, size, sourcePage.Start, SourcePage);
            if (isChecked && !(TryPassChecks(access, LoadStoreDirection.Read, environment, read, ref bus, out failure)
                && TryPassChecks(access, LoadStoreDirection.Write, environment, written, ref bus, out failure)))
            {
                return false;
            }

            answer = bus.Copy(access, read, written);
        }
        else if (isChecked && !access.AccessesTags && !TryPassChecks(access, LoadStoreDirection.Write, environment, written, ref bus, out failure))
        {
            return false;
        }
        else
        {
            const ulong EveryByte = 0x0101_0101_0101_0101;
            ulong data = unchecked((byte)AccessRegisters.GetGeneral(access.Rs, ref bus) * EveryByte);
            foreach (ref LoadStoreElement element in written)
            {
                element.Data = data & element.DataMask;
            }

            answer = bus.Store(access, written);
        }

        if (answer == LoadStoreAnswer.Performed && access.AccessesTags && environment.AccessesTags)
        {
            for (int i = 0; i < length; i += Granule)
            {
                bus.StoreTag(TargetPage, new Ipa(targetPage.Start.Value + (target + (ulong)i).OffsetIn(PageSize)), (int)(target.Value >> TagShift) & 15);
            }
        }

        failure = answer == LoadStoreAnswer.Retry ? EmulationResult.Retry : EmulationResult.Refused;
        return answer is LoadStoreAnswer.Performed or LoadStoreAnswer.Skipped;
    }

    private static bool TryPassChecks<TBus>(
        in LoadStoreAccess access, LoadStoreDirection direction, in LoadStoreEnvironment environment, ReadOnlySpan<LoadStoreElement> elements, ref TBus bus, out EmulationResult failure)
        where TBus : struct, ILoadStoreBus =>
        TagCheck.TryPass(LoadStoreSemantics.IsUnprivileged(access, direction), direction, environment.TagChecks, elements, ref bus, out failure);

    /// <summary>Words where all of them are whole and aligned, else bytes: no more is single-copy atomic.</summary>
    private static int SizeOf(Va address, int length) => (((int)address.OffsetIn(sizeof(ulong)) | length) & (sizeof(ulong) - 1)) == 0 ? sizeof(ulong) : 1;

    private static void Place(Span<LoadStoreElement> elements, Va address, int size, Ipa pageStart, int page)
    {
        AccessElements.Split(address, size, elements);
        for (int i = 0; i < elements.Length; i++)
        {
            elements[i].Page = page;
            elements[i].Ipa = new Ipa(pageStart.Value + elements[i].Va.OffsetIn(PageSize));
        }
    }

    /// <summary>The ISS of a Memory Copy and Memory Set exception: for registers in the form of the other option than the processor's, or in none.</summary>
    private static uint SyndromeOf(in LoadStoreAccess access, bool isOptionB, bool isWrongOption)
    {
        const int OptionsShift = 19;
        bool isSet = !IsCopy(access);
        uint options = isSet
            ? (access.WritesUnprivileged ? 1u : 0) | (access.WritesNonTemporal ? 2u : 0)
            : (access.WritesUnprivileged ? 1u : 0) | (access.ReadsUnprivileged ? 2u : 0) | (access.WritesNonTemporal ? 4u : 0) | (access.ReadsNonTemporal ? 8u : 0);
        return (isSet ? 1u << 24 : 0)
            | (access.AccessesTags ? 1u << 23 : 0)
            | (options << OptionsShift)
            | (access.Stage == MemoryOperationStage.Epilogue ? 1u << 18 : 0)
            | (isWrongOption ? 1u << 17 : 0)
            | (isOptionB ? 0 : 1u << 16)
            | ((uint)access.Rd << 10)
            | ((uint)access.Rs << 5)
            | (uint)access.Rn;
    }
}
