using System;
using HvIntrospect.Interpreter.Memory;
using HvIntrospect.Interpreter.Mmu;
using HvIntrospect.Interpreter.State;
using HvIntrospect.Registers;

namespace HvIntrospect.Interpreter;

/// <summary>EL2 of one simulated core, on which the library is the software.</summary>
internal sealed unsafe class El2Operations : IEl2Operations
{
    private readonly Processor _processor;
    private readonly ArchitecturalTranslator _translator;
    private readonly TlbDomain _domain;

    /// <summary>Initialises the operations of one core.</summary>
    /// <param name="processor">The core.</param>
    /// <param name="translator">Its MMU.</param>
    /// <param name="domain">All MMUs of the machine.</param>
    public El2Operations(Processor processor, ArchitecturalTranslator translator, TlbDomain domain)
    {
        _processor = processor;
        _translator = translator;
        _domain = domain;
    }

    /// <inheritdoc/>
    public ulong ReadSystemRegister(SystemRegister register) => Find(register);

    /// <inheritdoc/>
    public void WriteSystemRegister(SystemRegister register, ulong value)
    {
        Find(register) = value;
        DerivedState.Update(_processor.State);
        FastTlb.Flush(_processor.State);
    }

    /// <inheritdoc/>
    public void Tlbi(TlbiOperation operation, ulong operand) => _domain.Perform(_processor.State, operation, operand);

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
        // Decoded words follow every write.
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

    private ref ulong Find(SystemRegister register)
    {
        ref SystemState system = ref _processor.State->System;
        if (register == SystemRegister.HcrEl2)
        {
            return ref system.HcrEl2;
        }

        if (register == SystemRegister.VtcrEl2)
        {
            return ref system.VtcrEl2;
        }

        if (register == SystemRegister.VttbrEl2)
        {
            return ref system.VttbrEl2;
        }

        if (register == SystemRegister.MdcrEl2)
        {
            return ref system.MdcrEl2;
        }

        if (register == SystemRegister.MdscrEl1)
        {
            return ref system.MdscrEl1;
        }

        throw new ArgumentException("The core does not implement " + register + ".", nameof(register));
    }
}
