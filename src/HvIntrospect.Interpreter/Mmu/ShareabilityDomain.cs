using System.Collections.Generic;
using HvIntrospect.Interpreter.State;
using HvIntrospect.Registers;

namespace HvIntrospect.Interpreter.Mmu;

/// <summary>The vCPUs of a machine, all of which broadcast maintenance and events reach.</summary>
internal sealed unsafe class ShareabilityDomain
{
    private readonly List<(ArchitecturalTranslator Translator, nint Cpu)> _members = [];
    private readonly A64Features _features;

    /// <summary>Initialises a domain without vCPUs.</summary>
    /// <param name="features">What each of them will implement.</param>
    public ShareabilityDomain(A64Features features)
    {
        _features = features;
    }

    /// <summary>Gets or sets how often EL2 has invalidated translations.</summary>
    public ulong MaintenanceByEl2 { get; set; }

    /// <summary>Adds a vCPU.</summary>
    /// <param name="translator">Its MMU.</param>
    /// <param name="cpu">Its state.</param>
    public void Add(ArchitecturalTranslator translator, CpuState* cpu) => _members.Add((translator, (nint)cpu));

    /// <summary>Performs a TLB maintenance instruction, of EL1 or EL2.</summary>
    /// <param name="cpu">The vCPU that issues it, in whose VMID and with whose controls it works.</param>
    /// <param name="operation">The instruction.</param>
    /// <param name="operand">Xt.</param>
    /// <param name="broadcast">True when HCR_EL2.FB makes a local instruction reach the Inner Shareable domain.</param>
    public void Perform(CpuState* cpu, TlbiOperation operation, ulong operand, bool broadcast = false)
    {
        TlbiRule rule = TlbiRule.Of(operation);
        if (_members.Count == 0 || !rule.TryGetScope(cpu, _members[0].Translator, _features, operand, out TlbScope scope))
        {
            return;
        }

        foreach ((ArchitecturalTranslator translator, nint member) in _members)
        {
            if (member != (nint)cpu && !rule.IsBroadcast && !broadcast)
            {
                continue;
            }

            if (rule.ReachesStage1)
            {
                translator.InvalidateStage1((CpuState*)member, scope);
            }

            if (rule.ReachesStage2)
            {
                translator.InvalidateStage2(scope);
            }
        }
    }

    /// <summary>Lets the speculative walkers work that still may, while EL2 maintains translations.</summary>
    public void Speculate()
    {
        foreach ((ArchitecturalTranslator translator, nint member) in _members)
        {
            SpeculativeWalker.RunBehindEl2((CpuState*)member, translator);
        }
    }

    /// <summary>Sets the event register of every vCPU, as SEV does.</summary>
    public void SendEvent()
    {
        foreach ((_, nint member) in _members)
        {
            ((CpuState*)member)->System.EventRegister = 1;
        }
    }
}
