using System;
using HvIntrospect.LoadStores;
using HvIntrospect.Mmio;
using HvIntrospect.Registers;

namespace HvIntrospect.Introspection;

/// <summary>Moves the elements of an access from and to whoever owns their bytes: memory, devices, or nobody.</summary>
/// <remarks>A device acts once for each part of an element, however often the access has to be handled: what it did is in the access's record.</remarks>
internal sealed class ElementTransfer
{
    private const string RacedStore = "the store replaced another value than its event told";

    // Far more than come together by chance.
    private const int MostAttempts = 100;

    private readonly Services _services;
    private readonly CurrentAccess _current;

    /// <summary>Makes the transfer of a vCPU.</summary>
    /// <param name="current">The vCPU's access.</param>
    public ElementTransfer(CurrentAccess current)
    {
        _services = current.Services;
        _current = current;
    }

    /// <summary>Joins the values of one element or two adjacent ones to what one access of all of them reads.</summary>
    /// <param name="elements">The elements.</param>
    /// <param name="values">Their values.</param>
    /// <returns>The bytes in memory order as a little-endian number.</returns>
    public static VectorRegister Join(ReadOnlySpan<LoadStoreElement> elements, ReadOnlySpan<ulong> values) => elements.Length switch
    {
        1 => new VectorRegister(values[0], 0),
        _ when elements[0].Size == sizeof(ulong) => new VectorRegister(values[0], values[1]),
        _ => new VectorRegister(values[0] | (values[1] << (8 * elements[0].Size)), 0),
    };

    /// <summary>Joins the data of one element or two adjacent ones.</summary>
    /// <param name="elements">The elements.</param>
    /// <returns>The bytes in memory order as a little-endian number.</returns>
    public static VectorRegister Join(ReadOnlySpan<LoadStoreElement> elements) => elements.Length == 1
        ? Join(elements, [elements[0].Data])
        : Join(elements, [elements[0].Data, elements[1].Data]);

    /// <summary>Takes apart what <see cref="Join(ReadOnlySpan{LoadStoreElement}, ReadOnlySpan{ulong})"/> has joined.</summary>
    /// <param name="elements">Receives the data.</param>
    /// <param name="value">The joined value.</param>
    public static void Split(Span<LoadStoreElement> elements, VectorRegister value)
    {
        elements[0].Data = value.Low & elements[0].DataMask;
        if (elements.Length == 2)
        {
            elements[1].Data = elements[0].Size == sizeof(ulong) ? value.High : value.Low >> (8 * elements[0].Size);
        }
    }

    /// <summary>Finds out who answers at every byte, before anything is done.</summary>
    /// <param name="elements">The elements, translated.</param>
    /// <param name="isWrite">True for a store.</param>
    /// <returns>False when somebody does not: then the access is refused.</returns>
    public bool TryFindOwners(ReadOnlySpan<LoadStoreElement> elements, bool isWrite)
    {
        for (int i = 0; i < elements.Length; i++)
        {
            for (int half = 0; half < 2; half++)
            {
                ElementPart part = ElementPart.Of(elements[i], half);
                if (part.Size != 0 && !_current.IsMemory(part.Page) && !TryFindDevice(part, out _, out _)
                    && !TryCompleteUnowned(part, (2 * i) + half, isWrite, elements[i].Data))
                {
                    return false;
                }
            }
        }

        return true;
    }

    /// <summary>Reads the elements of a load.</summary>
    /// <param name="elements">Receive the data.</param>
    public void Read(Span<LoadStoreElement> elements)
    {
        int attempts = MostAttempts;
        for (int i = 0; i < elements.Length; i++)
        {
            elements[i].Data = ReadPart(ElementPart.Of(elements[i], 0), 2 * i);
            if (elements[i].CrossesPage)
            {
                elements[i].Data |= ReadPart(ElementPart.Of(elements[i], 1), (2 * i) + 1);
            }

            // The second half of a pair that somebody has written since its first half was read: both belong to one access.
            if (i > 0 && elements[i - 1].Followers == 1 && ReadPart(ElementPart.Of(elements[i - 1], 0), 2 * (i - 1)) != elements[i - 1].Data && attempts-- > 0)
            {
                i -= 2;
            }
        }
    }

    /// <summary>Reads what stores will overwrite. Devices are left alone: reading them would have effects.</summary>
    /// <param name="elements">The elements of the store.</param>
    /// <param name="old">Receives the values.</param>
    public void ReadOld(ReadOnlySpan<LoadStoreElement> elements, Span<ulong> old)
    {
        for (int i = 0; i < elements.Length; i++)
        {
            old[i] = 0;
            for (int half = 0; half < 2; half++)
            {
                ElementPart part = ElementPart.Of(elements[i], half);
                if (part.Size != 0 && _current.IsMemory(part.Page))
                {
                    old[i] |= part.Place(GuestData.Read(_current.View.Memory, part.Ipa, part.Size));
                }
            }
        }
    }

    /// <summary>Writes the elements of a store: devices first, so that no memory has changed when one throws.</summary>
    /// <param name="elements">The elements with their data.</param>
    /// <param name="old">What events have told of the bytes in memory.</param>
    public void Write(ReadOnlySpan<LoadStoreElement> elements, ReadOnlySpan<ulong> old)
    {
        WriteParts(elements, old, toMemory: false);
        WriteParts(elements, old, toMemory: true);
    }

    /// <summary>Exchanges the bytes of one atomic access of memory.</summary>
    /// <param name="address">The first byte.</param>
    /// <param name="size">The size in bytes, up to 16.</param>
    /// <param name="expected">What memory must hold.</param>
    /// <param name="replacement">What to write.</param>
    /// <param name="stored">False when memory holds something else; then nothing was written.</param>
    /// <returns>False when nobody can do that at once: then the access is refused.</returns>
    public bool TryExchange(Ipa address, int size, VectorRegister expected, VectorRegister replacement, out bool stored)
    {
        // Memory exchanges aligned bytes; what FEAT_LSE2 allows beyond that needs everybody else to stand still.
        CompareExchangeResult result = address.OffsetIn((ulong)size) == 0
            ? GuestData.CompareExchange(_current.View.Memory, address, size, ref expected, replacement)
            : CompareExchangeResult.NotAtomic;
        stored = result == CompareExchangeResult.Exchanged;
        if (result != CompareExchangeResult.NotAtomic)
        {
            return true;
        }

        if (_services.HasSeveralVcpus && _services.PauseAll is null)
        {
            return _current.Refuse(Refusal.NotAtomic);
        }

        _services.PauseAll?.Pause();
        try
        {
            int low = Math.Min(size, sizeof(ulong));
            stored = GuestData.Read(_current.View.Memory, address, low) == expected.Low
                && (size == low || GuestData.Read(_current.View.Memory, address + sizeof(ulong), low) == expected.High);
            if (stored)
            {
                GuestData.Write(_current.View.Memory, address, low, replacement.Low);
                if (size != low)
                {
                    GuestData.Write(_current.View.Memory, address + sizeof(ulong), low, replacement.High);
                }
            }

            return true;
        }
        finally
        {
            _services.PauseAll?.Resume();
        }
    }

    private bool TryFindDevice(in ElementPart part, out IMmioDevice? device, out ulong offset)
    {
        bool isFound = _services.Mmio.TryFind(part.Ipa, out device, out IpaRange range) && range.Contains(part.Ipa, (ulong)part.Size);
        offset = isFound ? part.Ipa.Value - range.Start.Value : 0;
        return isFound;
    }

    /// <summary>Decides about bytes that nobody owns. What a load reads there is noted as if a device had returned it.</summary>
    private bool TryCompleteUnowned(in ElementPart part, int slot, bool isWrite, ulong data)
    {
        if (_current.Record.TryGetDevice(slot, out _))
        {
            return true;
        }

        _services.Reporter.ReportUnowned(
            IntrospectionReportKind.UnownedAccess, _current.State.Index, _current.Pc, part.Ipa, _current.Opcode, isWrite ? "write" : "read");
        UnownedAccessResponse response = _services.Options.UnownedAccess switch
        {
            UnownedAccessPolicy.ReadZeroIgnoreWrite => UnownedAccessResponse.Complete(),
            UnownedAccessPolicy.Stop => UnownedAccessResponse.Stop,
            UnownedAccessPolicy.Handler => _services.Options.UnownedAccessHandler!(new UnownedAccess(
                _current.State.Index, _current.Pc, part.Va, part.Ipa, part.Size, isWrite, isWrite ? part.Extract(data) : 0)),
            _ => UnownedAccessResponse.InjectExternalAbort,
        };
        switch (response.Action)
        {
            case UnownedAccessPolicy.ReadZeroIgnoreWrite:
                _current.Record.NoteDevice(slot, response.Data);
                return true;
            case UnownedAccessPolicy.Stop:
                return _current.Refuse(Refusal.StopAtUnowned);
            default:
                return _current.Refuse(Refusal.Abort(FaultStatus.Create(FaultKind.SynchronousExternal), part.Va, isWrite));
        }
    }

    private ulong ReadPart(in ElementPart part, int slot)
    {
        if (_current.IsMemory(part.Page))
        {
            return part.Place(GuestData.Read(_current.View.Memory, part.Ipa, part.Size));
        }

        if (!_current.Record.TryGetDevice(slot, out ulong data) && TryFindDevice(part, out IMmioDevice? device, out ulong offset))
        {
            data = device!.Read(new MmioAccess(_current.State.Index, offset, part.Size));
            _current.Record.NoteDevice(slot, data);
        }

        return part.Place(data);
    }

    /// <summary>Writes the parts of all elements that lie in memory, or those that lie in devices.</summary>
    private void WriteParts(ReadOnlySpan<LoadStoreElement> elements, ReadOnlySpan<ulong> old, bool toMemory)
    {
        for (int i = 0; i < elements.Length; i++)
        {
            if (elements[i].Followers == 1 && toMemory && TryWritePair(elements.Slice(i, 2), old.Slice(i, 2)))
            {
                i++;
                continue;
            }

            for (int half = 0; half < 2; half++)
            {
                ElementPart part = ElementPart.Of(elements[i], half);
                if (part.Size == 0 || _current.IsMemory(part.Page) != toMemory)
                {
                    continue;
                }

                ulong data = part.Extract(elements[i].Data);
                if (toMemory)
                {
                    WriteMemory(part, part.Extract(old[i]), data);
                }
                else
                {
                    WriteDevice(part, (2 * i) + half, data);
                }
            }
        }
    }

    /// <summary>Writes a pair as the one access that it is.</summary>
    /// <returns>False when it is not in memory, or when the backend cannot: then its elements are written one after the other.</returns>
    private bool TryWritePair(ReadOnlySpan<LoadStoreElement> pair, ReadOnlySpan<ulong> old)
    {
        Ipa address = pair[0].Ipa;
        int size = 2 * pair[0].Size;
        if (!_current.IsMemory(pair[0].Page) || address.OffsetIn((ulong)size) != 0)
        {
            return false;
        }

        VectorRegister expected = Join(pair, old);
        if (!GuestData.TryExchange(_current.View.Memory, address, size, expected, Join(pair), out VectorRegister found))
        {
            return false;
        }

        _services.Monitors.OnStore(_current.State.Index, address, size);
        if (found != expected)
        {
            _current.ReportRace(address, RacedStore);
        }

        return true;
    }

    private void WriteMemory(in ElementPart part, ulong old, ulong data)
    {
        ulong found = GuestData.Exchange(_current.View.Memory, part.Ipa, part.Size, old, data);
        _services.Monitors.OnStore(_current.State.Index, part.Ipa, part.Size);
        if (found != old)
        {
            _current.ReportRace(part.Ipa, RacedStore);
        }
    }

    private void WriteDevice(in ElementPart part, int slot, ulong data)
    {
        if (!_current.Record.TryGetDevice(slot, out _) && TryFindDevice(part, out IMmioDevice? device, out ulong offset))
        {
            device!.Write(new MmioAccess(_current.State.Index, offset, part.Size), data);
            _current.Record.NoteDevice(slot, 0);
        }
    }
}
