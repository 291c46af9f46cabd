using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.LoadStores;

/// <summary>How an access finds its address and what it leaves in the base register.</summary>
internal unsafe interface IAddressing
{
    /// <summary>Gets a value indicating whether a load or store of one general-purpose register records a syndrome: not with writeback, and not a literal.</summary>
    static abstract bool RecordsSyndrome { get; }

    /// <summary>Tests whether the base fails the SP alignment check.</summary>
    /// <param name="cpu">The state.</param>
    /// <returns>True for an SP alignment fault.</returns>
    static abstract bool IsMisaligned(CpuState* cpu);

    /// <summary>Computes the address.</summary>
    /// <param name="cpu">The state.</param>
    /// <param name="operation">The operation.</param>
    /// <returns>The address of the first byte.</returns>
    static abstract ulong Address(CpuState* cpu, Operation* operation);

    /// <summary>Changes the base register, when it does.</summary>
    /// <param name="cpu">The state.</param>
    /// <param name="operation">The operation.</param>
    /// <param name="address">The address.</param>
    static abstract void Writeback(CpuState* cpu, Operation* operation, ulong address);
}
