using System;
using HvIntrospect.LoadStores;
using HvIntrospect.Watchpoints;

namespace HvIntrospect.Introspection;

/// <summary>What has been done for one access that may have to be handled again: the answers of handlers and what devices did, so that none is asked twice.</summary>
/// <remarks>It grows with the largest access, which is a block of 2048 bytes that DC ZVA zeroes.</remarks>
internal sealed class AccessRecord
{
    private const int UsualElements = 4;

    private WatchDecision[] _decisions = new WatchDecision[UsualElements];
    private ulong[] _data = new ulong[UsualElements];
    private ulong[] _deviceData = new ulong[2 * UsualElements];
    private bool[] _deviceDone = new bool[2 * UsualElements];
    private CoreRegisters _core;
    private uint _opcode;
    private Ipa _ipa;
    private Ipa _target;
    private int _count;
    private int _first;

    /// <summary>Gets or sets a value indicating whether a handler wants a stop that has not happened yet.</summary>
    public bool IsStopPending { get; set; }

    /// <summary>Gets a value indicating whether a handler was asked or a device has acted, so that the access must be finished and not begun anew.</summary>
    public bool IsBegun
    {
        get
        {
            for (int i = 0; i < _count; i++)
            {
                if (_decisions[i].Sequence != 0 || _deviceDone[2 * i] || _deviceDone[(2 * i) + 1])
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>Starts an instruction of which nothing has been done.</summary>
    /// <param name="opcode">The instruction word; 0 when it is not known.</param>
    public void Start(uint opcode)
    {
        _opcode = opcode;
        Clear();
    }

    /// <summary>Forgets everything, because the access is finished or will not be made.</summary>
    public void Clear()
    {
        // Hardly ever more than one or two: clearing them one by one is cheaper than a call that clears any number.
        for (int i = 0; i < _count; i++)
        {
            _decisions[i] = default;
            _deviceDone[2 * i] = false;
            _deviceDone[(2 * i) + 1] = false;
        }

        _count = 0;
        _first = 0;
        IsStopPending = false;
    }

    /// <summary>Names the elements of the instruction. What was done for others, as before a change of the guest's tables, is forgotten.</summary>
    /// <param name="elements">The elements.</param>
    /// <param name="isWrite">True when their data is what is written.</param>
    public void Bind(ReadOnlySpan<LoadStoreElement> elements, bool isWrite)
    {
        bool isSame = elements[0].Ipa == _ipa && elements.Length == _count;
        for (int i = 0; isSame && isWrite && i < elements.Length; i++)
        {
            isSame = elements[i].Data == _data[i];
        }

        if (isSame)
        {
            return;
        }

        Name(elements[0].Ipa, elements.Length);
        for (int i = 0; isWrite && i < elements.Length; i++)
        {
            _data[i] = elements[i].Data;
        }
    }

    /// <summary>Names the elements of a copy: those that are read, and behind them those that are written.</summary>
    /// <param name="from">The elements that are read, which are asked about first.</param>
    /// <param name="to">The elements that are written; see <see cref="Select"/>.</param>
    public void Bind(ReadOnlySpan<LoadStoreElement> from, ReadOnlySpan<LoadStoreElement> to)
    {
        if (from[0].Ipa != _ipa || to[0].Ipa != _target || from.Length + to.Length != _count)
        {
            Name(from[0].Ipa, from.Length + to.Length);
            _target = to[0].Ipa;
        }

        _first = 0;
    }

    /// <summary>Makes indices be about the elements that a copy writes. What was answered about other data is forgotten.</summary>
    /// <param name="first">The number of the elements that it reads.</param>
    /// <param name="to">The elements with their data.</param>
    public void Select(int first, ReadOnlySpan<LoadStoreElement> to)
    {
        _first = first;
        for (int i = 0; i < to.Length; i++)
        {
            if (_data[first + i] != to[i].Data)
            {
                _data[first + i] = to[i].Data;
                _decisions[first + i] = default;
            }
        }
    }

    /// <summary>Names the only element of the instruction.</summary>
    /// <param name="ipa">The IPA of its first byte.</param>
    /// <param name="data">What is written; without meaning for a load.</param>
    /// <param name="isWrite">True for a store.</param>
    public void Bind(Ipa ipa, ulong data, bool isWrite)
    {
        if (ipa != _ipa || _count != 1 || (isWrite && data != _data[0]))
        {
            Name(ipa, 1);
            _data[0] = data;
        }
    }

    /// <summary>Gets the answers for one element.</summary>
    /// <param name="element">The element's index.</param>
    /// <returns>What handlers have answered.</returns>
    public ref WatchDecision Decision(int element) => ref _decisions[_first + element];

    /// <summary>Gets the answers for an element that is made of several.</summary>
    /// <param name="element">The index of the first.</param>
    /// <param name="count">How many they are.</param>
    /// <returns>What handlers have answered.</returns>
    public Span<WatchDecision> Decisions(int element, int count) => _decisions.AsSpan(_first + element, count);

    /// <summary>Looks up what a device did for a part of an element.</summary>
    /// <param name="part">Twice the element's index, and 1 more for its part in the second page.</param>
    /// <param name="data">What the device returned for a read.</param>
    /// <returns>True when the device has already been asked.</returns>
    public bool TryGetDevice(int part, out ulong data)
    {
        part += 2 * _first;
        data = _deviceData[part];
        return _deviceDone[part];
    }

    /// <summary>Notes that a device was asked.</summary>
    /// <param name="part">Twice the element's index, and 1 more for its part in the second page.</param>
    /// <param name="data">What it returned for a read.</param>
    public void NoteDevice(int part, ulong data)
    {
        part += 2 * _first;
        _deviceData[part] = data;
        _deviceDone[part] = true;
    }

    /// <summary>Keeps the state in which the vCPU must come back for the access to be the same one.</summary>
    /// <param name="core">Its registers.</param>
    public void KeepFor(in CoreRegisters core) => _core = core;

    /// <summary>Tells whether a vCPU is where <see cref="KeepFor"/> left it.</summary>
    /// <param name="core">Its registers.</param>
    /// <returns>True when all are the same. That a software step is armed meanwhile does not count.</returns>
    public bool IsAt(in CoreRegisters core)
    {
        if (core.Pc != _core.Pc || core.Pstate.WithSoftwareStep(false) != _core.Pstate.WithSoftwareStep(false)
            || core.SpEl0 != _core.SpEl0 || core.SpEl1 != _core.SpEl1)
        {
            return false;
        }

        for (int i = 0; i < CoreRegisters.GeneralCount; i++)
        {
            if (core[i] != _core[i])
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Tells whether an access is this one, as far as it is known before its elements are.</summary>
    /// <param name="core">The vCPU's registers.</param>
    /// <param name="opcode">The instruction word.</param>
    /// <returns>True when it is.</returns>
    public bool IsOf(in CoreRegisters core, uint opcode) => opcode == _opcode && IsAt(core);

    /// <summary>Tells whether a vCPU is in an exception that it took at the instruction, from which it will come back.</summary>
    /// <param name="vcpu">The vCPU.</param>
    /// <returns>True when ELR_EL1 says so.</returns>
    public bool IsInterrupted(IVcpu vcpu) =>
        (vcpu.AvailableRegisters & RegisterGroups.Exception) != 0 && vcpu.Core.Pstate.ExceptionLevel == 1 && vcpu.Exception.ElrEl1 == _core.Pc.Value;

    private void Name(Ipa ipa, int count)
    {
        Clear();
        if (count > _decisions.Length)
        {
            _decisions = new WatchDecision[count];
            _data = new ulong[count];
            _deviceData = new ulong[2 * count];
            _deviceDone = new bool[2 * count];
        }

        _ipa = ipa;
        _target = default;
        _count = count;
    }
}
