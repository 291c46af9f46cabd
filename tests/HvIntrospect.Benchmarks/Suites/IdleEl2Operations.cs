using HvIntrospect.Registers;

namespace HvIntrospect.Benchmarks.Suites;

/// <summary>EL2 operations that cost nothing, so that the cost of building tables is left.</summary>
internal sealed class IdleEl2Operations : IEl2Operations
{
    public ulong ReadSystemRegister(SystemRegister register) => 0;

    public void WriteSystemRegister(SystemRegister register, ulong value)
    {
    }

    public void Tlbi(TlbiOperation operation, ulong operand)
    {
    }

    public void Dsb(BarrierOption option)
    {
    }

    public void Isb()
    {
    }

    public void InvalidateInstructionCache(InstructionCacheOperation operation, Pa address)
    {
    }

    public void MaintainDataCache(DataCacheOperation operation, Pa address)
    {
    }

    public ulong TranslateAddress(AddressTranslationOperation operation, Va address) => 0;
}
