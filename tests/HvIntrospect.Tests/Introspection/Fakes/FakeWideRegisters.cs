using System.Collections.Generic;
using HvIntrospect.Registers;

namespace HvIntrospect.Tests.Introspection.Fakes;

/// <summary>System registers of 128 bits.</summary>
internal sealed class FakeWideRegisters : IWideSystemRegisters
{
    public Dictionary<SystemRegister, VectorRegister> Registers { get; } = [];

    public bool TryReadWideSystemRegister(SystemRegister register, out VectorRegister value) => Registers.TryGetValue(register, out value);
}
