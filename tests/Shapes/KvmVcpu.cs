using HvIntrospect.Registers;

namespace HvIntrospect.Shapes;

/// <summary>A vCPU whose half-decoded access is completed before the first register write and by the next run.</summary>
internal sealed class KvmVcpu : ShapedVcpu
{
    private InstructionSyndrome _instruction;
    private bool _isPending;
    private bool _isWrite;

    public KvmVcpu(IVcpu inner, RegisterGroups groups)
        : base(inner, groups, offersStep: true)
    {
    }

    /// <summary>Starts an access that waits for its completion.</summary>
    public void Begin(InstructionSyndrome instruction, bool isWrite)
    {
        _instruction = instruction;
        _isWrite = isWrite;
        _isPending = true;
    }

    /// <summary>Completes the access, if one waits: the loaded register, and PC.</summary>
    public void Complete(ulong data)
    {
        if (!_isPending)
        {
            return;
        }

        _isPending = false;
        ref CoreRegisters core = ref Inner.ModifyCore();
        core.Pc += 4;
        core.Pstate = core.Pstate.AfterInstruction().WithSoftwareStep(false);
        if (!_isWrite && _instruction.TransferRegister != 31)
        {
            int shift = 64 - (8 * _instruction.AccessSize);
            ulong value = _instruction.SignExtend ? (ulong)((long)(data << shift) >> shift) : (data << shift) >> shift;
            core[_instruction.TransferRegister] = _instruction.Is64Bit ? value : (uint)value;
        }
    }

    /// <inheritdoc/>
    protected override void Check(RegisterGroups group, bool isWrite)
    {
        base.Check(group, isWrite);
        if (isWrite)
        {
            Complete(0);
        }
    }
}
