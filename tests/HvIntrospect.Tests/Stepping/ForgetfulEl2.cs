using HvIntrospect.Registers;

namespace HvIntrospect.Tests.Stepping;

/// <summary>EL2 that loses the writes to a register, and may be unable to translate.</summary>
internal sealed class ForgetfulEl2(IEl2Operations inner, SystemRegister? lost, bool translates = true) : IEl2Operations
{
    public ulong ReadSystemRegister(SystemRegister register) => inner.ReadSystemRegister(register);

    public void WriteSystemRegister(SystemRegister register, ulong value)
    {
        if (lost != register)
        {
            inner.WriteSystemRegister(register, value);
        }
    }

    public void Tlbi(TlbiOperation operation, ulong operand) => inner.Tlbi(operation, operand);

    public void Dsb(BarrierOption option) => inner.Dsb(option);

    public void Isb() => inner.Isb();

    public void InvalidateInstructionCache(InstructionCacheOperation operation, Pa address) => inner.InvalidateInstructionCache(operation, address);

    public void MaintainDataCache(DataCacheOperation operation, Pa address) => inner.MaintainDataCache(operation, address);

    public ulong TranslateAddress(AddressTranslationOperation operation, Va address) =>
        translates ? inner.TranslateAddress(operation, address) : Par.FromFault(default, isStage2: false, isStage1Walk: false).Value;
}
