using HvIntrospect.Registers;

namespace HvIntrospect.Tests.Translation.Stage2;

/// <summary>Hands operations on and counts the TLBI among them.</summary>
internal sealed class CountingEl2Operations(IEl2Operations inner) : IEl2Operations
{
    /// <summary>Gets the number of TLBI by IPA.</summary>
    public int ByAddress { get; private set; }

    /// <summary>Gets the number of TLBI of a whole VMID.</summary>
    public int OfVmid { get; private set; }

    /// <summary>Gets the number of TLBI of the VMID's combined entries.</summary>
    public int OfCombined { get; private set; }

    public void Reset() => ByAddress = OfVmid = OfCombined = 0;

    public ulong ReadSystemRegister(SystemRegister register) => inner.ReadSystemRegister(register);

    public void WriteSystemRegister(SystemRegister register, ulong value) => inner.WriteSystemRegister(register, value);

    public void Tlbi(TlbiOperation operation, ulong operand)
    {
        OfCombined += operation == TlbiOperation.Vmalle1Is ? 1 : 0;
        OfVmid += operation == TlbiOperation.Vmalls12E1Is ? 1 : 0;
        ByAddress += operation is TlbiOperation.Vmalle1Is or TlbiOperation.Vmalls12E1Is ? 0 : 1;
        inner.Tlbi(operation, operand);
    }

    public void Dsb(BarrierOption option) => inner.Dsb(option);

    public void Isb() => inner.Isb();

    public void InvalidateInstructionCache(InstructionCacheOperation operation, Pa address) => inner.InvalidateInstructionCache(operation, address);

    public void MaintainDataCache(DataCacheOperation operation, Pa address) => inner.MaintainDataCache(operation, address);

    public ulong TranslateAddress(AddressTranslationOperation operation, Va address) => inner.TranslateAddress(operation, address);
}
