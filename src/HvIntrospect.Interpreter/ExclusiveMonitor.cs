using HvIntrospect.Interpreter.State;
using HvIntrospect.Translation.Stage2;

namespace HvIntrospect.Interpreter;

/// <summary>The exclusive monitor of one vCPU for software at EL2 that performs exclusives on the guest's behalf.</summary>
/// <remarks>The local and the global monitor are one: a write of anyone else to the location opens it.</remarks>
internal sealed unsafe class ExclusiveMonitor : IExclusiveMonitor
{
    private readonly Processor _processor;
    private readonly Machine _machine;
    private readonly int _index;

    /// <summary>Initialises access to the monitor.</summary>
    /// <param name="processor">The vCPU's engine.</param>
    /// <param name="machine">The machine, whose Stage 2 says where an IPA lies.</param>
    /// <param name="index">The vCPU's number.</param>
    public ExclusiveMonitor(Processor processor, Machine machine, int index)
    {
        _processor = processor;
        _machine = machine;
        _index = index;
    }

    /// <inheritdoc/>
    public void Arm(Ipa address, int size)
    {
        if (TryFind(address, out ulong pa))
        {
            // A flag takes the page out of the write TLBs of all vCPUs.
            using (_machine.Gate.BeginChange())
            {
                CpuState* cpu = _processor.LiveState;
                cpu->MonitorPa = pa;
                cpu->MonitorSize = (uint)size;
                cpu->MonitorKept = 1;
                _processor.FlagMonitor();
            }
        }
    }

    /// <inheritdoc/>
    public bool IsArmed(Ipa address, int size)
    {
        CpuState* cpu = _processor.LiveState;
        return cpu->MonitorSize == (uint)size && TryFind(address, out ulong pa) && cpu->MonitorPa == pa;
    }

    /// <inheritdoc/>
    public void Keep()
    {
        CpuState* cpu = _processor.LiveState;
        cpu->MonitorKept = cpu->MonitorSize != 0 ? 1U : 0U;
    }

    /// <inheritdoc/>
    public void Clear() => _processor.LiveState->MonitorSize = 0;

    private bool TryFind(Ipa address, out ulong pa)
    {
        Stage2Translation translation = _machine.Stage2.Views.Walk(_machine.Stage2.Views.ActiveView(_machine.Vcpus[_index]), address);
        pa = translation.Pa.Value;
        return translation.IsMapped;
    }
}
