using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.LoadStores;

/// <summary>How an access finds its address and what it leaves in the base register.</summary>
internal unsafe interface IAddressing
{
    /// <summary>Gets a value indicating whether a load or store of one general-purpose register records a syndrome: not with writeback. A literal may; IMPLEMENTATION DEFINED choice: it does.</summary>
    static abstract bool RecordsSyndrome { get; }

    /// <summary>Checks the alignment of SP where it is the base.</summary>
    /// <param name="cpu">The state.</param>
    /// <returns>Bits 3:0 of SP, of which any one set is an SP alignment fault; 0 where nothing is checked.</returns>
    static abstract ulong Misalignment(CpuState* cpu);

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
