using System;
using System.Collections.Generic;
using HvIntrospect.Registers;

namespace HvIntrospect.Tests.Introspection.Fakes;

/// <summary>An EL2 that writes down what it is asked to do.</summary>
internal sealed class FakeEl2 : IEl2Operations
{
    public List<string> Log { get; } = [];

    /// <summary>Gets the system registers; DCZID_EL0 says blocks of 64 bytes.</summary>
    public Dictionary<SystemRegister, ulong> Registers { get; } = new() { [SystemRegister.DczidEl0] = 4 };

    public ulong ReadSystemRegister(SystemRegister register) =>
        Registers.TryGetValue(register, out ulong value) ? value : throw new ArgumentException("There is no such register.", nameof(register));

    public void WriteSystemRegister(SystemRegister register, ulong value) => throw new ArgumentException("There is no such register.", nameof(register));

    public void Tlbi(TlbiOperation operation, ulong operand) => Log.Add("TLBI " + operation);

    public void Dsb(BarrierOption option) => Log.Add("DSB " + option);

    public void Isb() => Log.Add("ISB");

    public void InvalidateInstructionCache(InstructionCacheOperation operation, Pa address) => Log.Add($"IC {operation} {address.Value:x}");

    public void MaintainDataCache(DataCacheOperation operation, Pa address) => Log.Add($"DC {operation} {address.Value:x}");

    public ulong TranslateAddress(AddressTranslationOperation operation, Va address) => 1;
}
