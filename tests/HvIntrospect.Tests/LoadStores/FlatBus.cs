using System;
using System.Buffers.Binary;
using HvIntrospect.A64;
using HvIntrospect.LoadStores;
using HvIntrospect.Registers;

namespace HvIntrospect.Tests.LoadStores;

/// <summary>A bus over a window of memory whose addresses are virtual and intermediate physical ones; outside of it is a translation fault of level 3.</summary>
internal readonly struct FlatBus : ILoadStoreBus
{
    // The top byte where it is ignored.
    private const ulong AddressMask = 0x00FF_FFFF_FFFF_FFFF;

    private readonly FlatMachine _machine;

    public FlatBus(FlatMachine machine)
    {
        _machine = machine;
    }

    public LoadStoreEnvironment Environment => new(
        new Va(_machine.Pc), _machine.Pstate, _machine.Sctlr, _machine.HasUnalignedAtomics, _machine.Choices, new TagCheckControls(_machine.Pstate, _machine.Sctlr, _machine.Tcr), _machine.IsCore);

    public ulong StackPointer
    {
        get => _machine.Sp;
        set => _machine.Sp = value;
    }

    public bool MayStoreExclusive => _machine.MonitorHolds;

    public uint Flags
    {
        get => _machine.Flags;
        set => _machine.Flags = value;
    }

    public bool HasTags => _machine.Tags is not null;

    public ulong GetGeneral(int index) => _machine.X[index];

    public void SetGeneral(int index, ulong value) => _machine.X[index] = value;

    public VectorRegister GetVector(int index) => _machine.V[index];

    public void SetVector(int index, VectorRegister value) => _machine.V[index] = value;

    public bool TryReadSystemRegister(SystemRegister register, out ulong value) => _machine.SystemRegisters.TryGetValue(register, out value);

    public bool TryReadWideSystemRegister(SystemRegister register, out VectorRegister value) => _machine.WideSystemRegisters.TryGetValue(register, out value);

    public bool TryAuthenticate(PointerAuthenticationKey key, ulong pointer, ulong modifier, out ulong authenticated)
    {
        authenticated = pointer & 0x007F_FFFF_FFFF_FFFF;
        _machine.Log.Add($"A{key} {pointer:x} {modifier:x}");
        return _machine.HasKeys;
    }

    public bool TryLoadTag(int page, Ipa granule, out int tag)
    {
        _machine.Tags!.TryGetValue(granule.Value, out tag);
        return true;
    }

    public void NoteTagCheckFailure(bool isUser, bool isUpper) => _machine.FailedChecks.Add((isUser, isUpper));

    public void StoreTag(int page, Ipa granule, int tag)
    {
        _machine.Log.Add($"T {granule.Value:x}={tag:x}");
        _machine.Tags![granule.Value] = tag;
    }

    public LoadStorePage Translate(in LoadStoreAccess access, LoadStoreDirection direction, Va address, int page)
    {
        ulong offset = (address.Value - _machine.Start) & (_machine.Tcr.Has(TcrBits.Tbi0) ? AddressMask : ulong.MaxValue);
        bool isDevice = _machine.IsDevice || (_machine.DevicePage != 0 && address.AlignDown(4096).Value == _machine.DevicePage);
        return offset < (ulong)_machine.Memory.Length
            ? LoadStorePage.Found(new Ipa(_machine.Start + offset), isDevice, isDevice)
            : LoadStorePage.Fault(FaultStatus.Create(FaultKind.Translation, 3));
    }

    public LoadStoreAnswer Load(in LoadStoreAccess access, Span<LoadStoreElement> elements)
    {
        Span<byte> bytes = stackalloc byte[8];
        foreach (ref LoadStoreElement element in elements)
        {
            _machine.Log.Add($"R{element.Size} {element.Ipa.Value:x}");
            bytes.Clear();
            Bytes(element).CopyTo(bytes);
            element.Data = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        }

        return LoadStoreAnswer.Performed;
    }

    public LoadStoreAnswer Store(in LoadStoreAccess access, Span<LoadStoreElement> elements)
    {
        Span<byte> bytes = stackalloc byte[8];
        foreach (ref LoadStoreElement element in elements)
        {
            _machine.Log.Add($"W{element.Size} {element.Ipa.Value:x}={element.Data:x}");
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, element.Data);
            bytes[..element.Size].CopyTo(Bytes(element));
        }

        return LoadStoreAnswer.Performed;
    }

    public LoadStoreAnswer Copy(in LoadStoreAccess access, Span<LoadStoreElement> from, Span<LoadStoreElement> to)
    {
        Load(access, from);
        LoadStoreElement.CopyData(from, to);
        return Store(access, to);
    }

    public LoadStoreAnswer StoreExclusive(in LoadStoreAccess access, Span<LoadStoreElement> elements, out bool stored)
    {
        stored = true;
        return Store(access, elements);
    }

    public LoadStoreAnswer Modify(in LoadStoreAccess access, Span<LoadStoreElement> elements, in AtomicUpdate update)
    {
        Load(access, elements);
        int size = elements[0].Size;
        VectorRegister found = elements.Length == 1 ? new VectorRegister(elements[0].Data, 0)
            : size == sizeof(ulong) ? new VectorRegister(elements[0].Data, elements[1].Data)
            : new VectorRegister(elements[0].Data | (elements[1].Data << (8 * size)), 0);
        if (update.TryApply(found, out VectorRegister updated))
        {
            Span<byte> bytes = stackalloc byte[16];
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, updated.Low);
            BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], updated.High);
            _machine.Log.Add($"M{size * elements.Length} {elements[0].Ipa.Value:x}");
            bytes[..(size * elements.Length)].CopyTo(_machine.Memory.AsSpan((int)(elements[0].Ipa.Value - _machine.Start)));
        }

        return LoadStoreAnswer.Performed;
    }

    private Span<byte> Bytes(in LoadStoreElement element)
    {
        // The window is contiguous, so the second page follows the first; the semantics must have found the same.
        if (element.CrossesPage && element.SecondIpa.Value != element.Ipa.Value + (ulong)element.FirstSize)
        {
            throw new InvalidOperationException($"The second page of {element.Ipa} is {element.SecondIpa}.");
        }

        return _machine.Memory.AsSpan((int)(element.Ipa.Value - _machine.Start), element.Size);
    }
}
