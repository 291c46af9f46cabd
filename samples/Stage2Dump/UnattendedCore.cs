using HvIntrospect.Registers;

namespace HvIntrospect.Samples.Stage2Dump;

/// <summary>A core on which nothing runs: there is no TLB and no cache that maintenance could reach.</summary>
internal sealed class UnattendedCore : IEl2Operations
{
    /// <inheritdoc/>
    public ulong ReadSystemRegister(SystemRegister register) => 0;

    /// <inheritdoc/>
    public void WriteSystemRegister(SystemRegister register, ulong value)
    {
    }

    /// <inheritdoc/>
    public void Tlbi(TlbiOperation operation, ulong operand)
    {
    }

    /// <inheritdoc/>
    public void Dsb(BarrierOption option)
    {
    }

    /// <inheritdoc/>
    public void Isb()
    {
    }

    /// <inheritdoc/>
    public void InvalidateInstructionCache(InstructionCacheOperation operation, Pa address)
    {
    }

    /// <inheritdoc/>
    public void MaintainDataCache(DataCacheOperation operation, Pa address)
    {
    }

    /// <inheritdoc/>
    public ulong TranslateAddress(AddressTranslationOperation operation, Va address) => Par.FromFault(FaultStatus.Create(FaultKind.Translation), isStage2: false, isStage1Walk: false).Value;
}
