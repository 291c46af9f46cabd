using System;
using System.Buffers.Binary;
using HvIntrospect.Registers;

namespace HvIntrospect.Stepping;

/// <summary>Keeps interrupts of the guest pending while it steps: behind the gate of the vCPU, or by PSTATE.A, I and F.</summary>
/// <remarks>
/// The masks are the guest's own state, and some instructions read or write them. So they are used only where the word of the instruction can be read,
/// in A64 state, and what the guest gets to see is corrected by its <see cref="MaskEffect"/>. Under HCR_EL2.TGE there is nothing to hold.
/// </remarks>
internal sealed class InterruptHold
{
    private const ulong InPage = 0xFFF;
    private readonly IVcpu _vcpu;
    private readonly IEl2Operations _operations;
    private readonly IVirtualMachine _machine;
    private readonly IInterruptGate? _gate;
    private MaskEffect _effect;
    private Va _next;
    private ulong _masks;
    private bool _holdsGate;
    private bool _isMasking;

    /// <summary>Makes the hold of a vCPU. It holds nothing yet.</summary>
    /// <param name="vcpu">The vCPU.</param>
    /// <param name="operations">EL2 of the core that runs it.</param>
    /// <param name="machine">What holds the instructions.</param>
    public InterruptHold(IVcpu vcpu, IEl2Operations operations, IVirtualMachine machine)
    {
        _vcpu = vcpu;
        _operations = operations;
        _machine = machine;
        _gate = vcpu.TryGetCapability(out IInterruptGate? gate) ? gate : null;
    }

    /// <summary>Gets a value indicating whether PSTATE.A, I and F of the vCPU are the step's.</summary>
    public bool IsMasking => _isMasking;

    /// <summary>Holds interrupts back by the best means at hand.</summary>
    public void Begin()
    {
        if (_gate is null)
        {
            TryMask();
        }
        else if (!_gate.IsClosed)
        {
            _gate.Close();
            _holdsGate = true;
        }
    }

    /// <summary>Sets the masks of the vCPU, which is about to execute the instruction at PC.</summary>
    /// <returns>False when the instruction cannot be read or its masks must not be set; they are as they were.</returns>
    public bool TryMask()
    {
        Spsr state = _vcpu.Core.Pstate;
        if (_isMasking || state.IsAArch32 || !TryFetch(state, out uint word) || !new MaskEffect(word).PermitsMasking)
        {
            return false;
        }

        _effect = new MaskEffect(word);
        _next = _vcpu.Core.Pc + sizeof(uint);
        _masks = state.Value & MaskEffect.Masks;
        _isMasking = true;
        _vcpu.ModifyCore().Pstate = MaskEffect.WithMasks(state, MaskEffect.Masks);
        return true;
    }

    /// <summary>Takes the masks off. The instruction was executed.</summary>
    public void UnmaskAfter()
    {
        if (_isMasking)
        {
            _isMasking = false;
            _effect.Apply(_vcpu, _next, _masks);
        }
    }

    /// <summary>Gets a saved or current state without the masks, and forgets them.</summary>
    /// <param name="state">A state from before the instruction, or one in which it made an exception.</param>
    /// <returns>The state with the guest's own masks.</returns>
    public Spsr Unmask(Spsr state)
    {
        bool wasMasking = _isMasking;
        _isMasking = false;
        return wasMasking ? MaskEffect.WithMasks(state, _masks) : state;
    }

    /// <summary>Lets the interrupts through again that the gate holds.</summary>
    public void Open()
    {
        if (_holdsGate)
        {
            _holdsGate = false;
            _gate!.Open();
        }
    }

    private bool TryFetch(Spsr state, out uint word)
    {
        word = 0;
        Va pc = _vcpu.Core.Pc;
        bool hasInterrupts = (_operations.ReadSystemRegister(SystemRegister.HcrEl2) & (ulong)HcrBits.Tge) == 0;
        if (!hasInterrupts || pc.OffsetIn(sizeof(uint)) != 0)
        {
            return false;
        }

        AddressTranslationOperation read = state.ExceptionLevel == 0 ? AddressTranslationOperation.S1E0R : AddressTranslationOperation.S1E1R;
        var translation = new Par(_operations.TranslateAddress(read, pc));
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        if (translation.IsFault || _machine.Memory.Read(new Ipa(translation.Page | (pc.Value & InPage)), bytes) != bytes.Length)
        {
            return false;
        }

        word = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        return true;
    }
}
