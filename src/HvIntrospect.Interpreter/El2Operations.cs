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
    private readonly Processor _processor;
    private readonly ArchitecturalTranslator _translator;
    private readonly ShareabilityDomain _domain;

    /// <summary>Initialises the operations of one core.</summary>
    /// <param name="processor">The core.</param>
    /// <param name="translator">Its MMU.</param>
    /// <param name="domain">All MMUs of the machine.</param>
    public El2Operations(Processor processor, ArchitecturalTranslator translator, ShareabilityDomain domain)
    {
        _processor = processor;
        _translator = translator;
        _domain = domain;
    }

    /// <inheritdoc/>
    public ulong ReadSystemRegister(SystemRegister register)
    {
        SystemRegisterRule rule = Find(register, RegisterAccess.ReadEl2);
        _processor.Vcpu?.Flush();
        return rule.Read(_processor.State, El2);
    }

    /// <inheritdoc/>
    public void WriteSystemRegister(SystemRegister register, ulong value)
    {
        SystemRegisterRule rule = Find(register, RegisterAccess.WriteEl2);

        // The groups of registers that a user has taken are copies.
        _processor.Vcpu?.Flush();
        rule.Write(_processor.State, value);
        SystemAccess.Follow(_processor.State, rule.Effects);
    }

    /// <inheritdoc/>
    public void Tlbi(TlbiOperation operation, ulong operand)
    {
        _domain.MaintenanceByEl2++;
        _domain.Perform(_processor.State, operation, operand);
    }

    /// <inheritdoc/>
    public void Dsb(BarrierOption option)
    {
        // One thread runs all vCPUs: everything before is complete.
    }

    /// <inheritdoc/>
    public void Isb()
    {
        // Register writes take effect at once.
    }

    /// <inheritdoc/>
    public void InvalidateInstructionCache(InstructionCacheOperation operation, Pa address)
    {
        // It takes effect at the exception return to the guest at the latest.
        _processor.Pages.Invalidate(operation == InstructionCacheOperation.Ivau ? address.Value : null);
    }

    /// <inheritdoc/>
    public void MaintainDataCache(DataCacheOperation operation, Pa address)
    {
        // Memory has no cache in front of it.
    }

    /// <inheritdoc/>
    public ulong TranslateAddress(AddressTranslationOperation operation, Va address)
    {
        bool isWrite = operation is AddressTranslationOperation.S1E1W or AddressTranslationOperation.S1E0W
            or AddressTranslationOperation.S12E1W or AddressTranslationOperation.S12E0W;
        bool isEl0 = operation is AddressTranslationOperation.S1E0R or AddressTranslationOperation.S1E0W
            or AddressTranslationOperation.S12E0R or AddressTranslationOperation.S12E0W;
        bool bothStages = operation >= AddressTranslationOperation.S12E1R;
        return _translator.TranslateForAt(_processor.State, address.Value, isWrite, isEl0 ? 0 : 1, bothStages, pan: false, out _).Value;
    }

    private SystemRegisterRule Find(SystemRegister register, RegisterAccess access)
    {
        SystemRegisterRule? rule = SystemRegisterTable.Find(register, _processor.Settings.Features);
        return rule is not null && (rule.Access & access) != 0
            ? rule
            : throw new ArgumentException("The core does not implement " + register + (rule is null ? "." : " for this access."), nameof(register));
    }
}
