using System;
using HvIntrospect.Interpreter.Mmu;
using HvIntrospect.Interpreter.Operations.SystemInstructions;
using HvIntrospect.Interpreter.State;
using HvIntrospect.Registers;

namespace HvIntrospect.Interpreter;

/// <summary>EL2 of one simulated core, on which the library is the software.</summary>
internal sealed unsafe class El2Operations : IEl2Operations
{
    private const int El2 = 2;

    // op1 of the registers of EL2.
    private const int El2Group = 4;
    private readonly Processor _processor;
    private readonly ArchitecturalTranslator _translator;
    private readonly ShareabilityDomain _domain;
    private readonly PauseGate _gate;

    /// <summary>Initialises the operations of one core.</summary>
    /// <param name="processor">The core.</param>
    /// <param name="translator">Its MMU.</param>
    /// <param name="domain">All MMUs of the machine.</param>
    /// <param name="gate">Stops the vCPUs whose MMUs maintenance reaches, or null for one of its own, where one thread does everything.</param>
    public El2Operations(Processor processor, ArchitecturalTranslator translator, ShareabilityDomain domain, PauseGate? gate = null)
    {
        _gate = gate ?? new PauseGate();
        _processor = processor;
        _translator = translator;
        _domain = domain;
    }

    /// <inheritdoc/>
    public ulong ReadSystemRegister(SystemRegister register)
    {
        SystemRegisterRule rule = Find(register, RegisterAccess.ReadEl2);
        FlushCopies(register);
        return rule.Read(_processor.LiveState, El2);
    }

    /// <inheritdoc/>
    public void WriteSystemRegister(SystemRegister register, ulong value)
    {
        SystemRegisterRule rule = Find(register, RegisterAccess.WriteEl2);
        FlushCopies(register);
        rule.Write(_processor.LiveState, value, El2);
        SystemAccess.Follow(_processor.LiveState, rule.Effects);
        if ((rule.Effects & WriteEffects.Translation) != 0)
        {
            SpeculativeWalker.Close(_processor.LiveState);
        }
    }

    /// <inheritdoc/>
    public void Tlbi(TlbiOperation operation, ulong operand)
    {
        if ((TlbiRule.Of(operation).Feature & ~_processor.Settings.Features) != 0)
        {
            throw new ArgumentException("The core does not implement " + operation + ".", nameof(operation));
        }

        // A running vCPU uses its TLBs without a lock.
        using (_gate.BeginChange())
        {
            _domain.MaintenanceByEl2++;
            _domain.Speculate();
            _domain.Perform(_processor.LiveState, operation, operand);
        }
    }

    /// <inheritdoc/>
    public void Dsb(BarrierOption option)
    {
        Require(option is >= BarrierOption.Oshld and <= BarrierOption.Sy, nameof(option), option);

        // One vCPU executes at a time: everything before is complete, but for walks that began before.
        if (SpeculativeWalker.IsOn(_processor.LiveState))
        {
            using (_gate.BeginChange())
            {
                _domain.Speculate();
                SpeculativeWalker.Close(_processor.LiveState);
            }
        }
    }

    /// <inheritdoc/>
    public void Isb()
    {
        // Register writes take effect at once.
    }

    /// <inheritdoc/>
    public void InvalidateInstructionCache(InstructionCacheOperation operation, Pa address)
    {
        Require(operation is >= InstructionCacheOperation.Ialluis and <= InstructionCacheOperation.Ivau, nameof(operation), operation);

        // All vCPUs share the decoded pages, and a running one uses them without a lock. It takes effect at the exception return to the guest at the latest.
        using (_gate.BeginChange())
        {
            _processor.Pages.Invalidate(operation == InstructionCacheOperation.Ivau ? address.Value : null);
        }
    }

    /// <inheritdoc/>
    public void MaintainDataCache(DataCacheOperation operation, Pa address)
    {
        // Memory has no cache in front of it.
        Require(operation is >= DataCacheOperation.Ivac and <= DataCacheOperation.Cgdvadp, nameof(operation), operation);
    }

    /// <inheritdoc/>
    public ulong TranslateAddress(AddressTranslationOperation operation, Va address)
    {
        (bool isWrite, int el, bool bothStages) = operation switch
        {
            AddressTranslationOperation.S1E1R => (false, 1, false),
            AddressTranslationOperation.S1E1W => (true, 1, false),
            AddressTranslationOperation.S1E0R => (false, 0, false),
            AddressTranslationOperation.S1E0W => (true, 0, false),
            AddressTranslationOperation.S12E1R => (false, 1, true),
            AddressTranslationOperation.S12E1W => (true, 1, true),
            AddressTranslationOperation.S12E0R => (false, 0, true),
            AddressTranslationOperation.S12E0W => (true, 0, true),
            AddressTranslationOperation.S1E2R => (false, El2, false),
            AddressTranslationOperation.S1E2W => (true, El2, false),
            _ => throw new ArgumentOutOfRangeException(nameof(operation), operation, "The operation is one of the named values."),
        };
        return _translator.TranslateForAt(_processor.LiveState, address.Value, isWrite, el, bothStages, pan: false, out _).Value;
    }

    private static void Require<T>(bool isNamed, string name, T value)
        where T : struct, Enum
    {
        if (!isNamed)
        {
            throw new ArgumentOutOfRangeException(name, value, "It is one of the named values.");
        }
    }

    private void FlushCopies(SystemRegister register)
    {
        // The groups of registers that a user has taken are copies. A register of EL2 is in none of them, and whoever changes Stage 2 reads them
        // while the vCPU's own thread may be changing its copies.
        if (register.Op1 != El2Group)
        {
            _processor.Vcpu?.Flush();
        }
    }

    private SystemRegisterRule Find(SystemRegister register, RegisterAccess access)
    {
        SystemRegisterRule? rule = SystemRegisterTable.Find(register, _processor.Settings.Features);
        return rule is not null && (rule.Access & access) != 0
            ? rule
            : throw new ArgumentException("The core does not implement " + register + (rule is null ? "." : " for this access."), nameof(register));
    }
}
