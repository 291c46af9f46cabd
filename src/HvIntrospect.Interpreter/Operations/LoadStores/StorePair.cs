using System;
using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.Exceptions;
using HvIntrospect.Interpreter.Mmu;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.LoadStores;

/// <summary>A store of two general-purpose registers.</summary>
/// <typeparam name="TElement">What is moved.</typeparam>
/// <typeparam name="TAddressing">How the address is found.</typeparam>
internal unsafe struct StorePair<TElement, TAddressing> : ISlowOperation
    where TElement : struct, IElement
    where TAddressing : struct, IAddressing
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryExecute(CpuState* cpu, Operation* operation)
    {
        ulong address = TAddressing.Address(cpu, operation);
        ulong second = address + (uint)TElement.Size;
        DataTlbEntry* entry = DataTlbEntry.Of(cpu->DataTlb, address);

        // The entry is the first element's and the key the second's, so a pair that crosses into another page does not match.
        if (entry->WriteTag == (DataTlbEntry.Key(second, TElement.Size) | TAddressing.Misalignment(cpu)))
        {
            byte* host = (byte*)(address + entry->Addend);
            TElement.Store(host, Registers.X(cpu, operation->Rd));
            TElement.Store(host + TElement.Size, Registers.X(cpu, operation->Rm));
            TAddressing.Writeback(cpu, operation, address);
            return true;
        }

        return false;
    }

    /// <inheritdoc/>
    public static Operation* ExecuteSlow(CpuState* cpu, Operation* operation)
    {
        if (TAddressing.Misalignment(cpu) != 0)
        {
            return ExceptionEntry.SpAlignment(cpu, operation);
        }

        ulong address = TAddressing.Address(cpu, operation);
        var access = new DataAccess(address, TElement.Size, 2 * TElement.Size, DataAccessFlags.Write);

        if (DataPath.NeedsReference(cpu, access))
        {
            return ReferenceLoadStore.Execute(cpu, operation);
        }

        if (!DataPath.TryResolve(cpu, access, out ResolvedAccess resolved, out FaultRecord fault))
        {
            return ExceptionEntry.DataAbort(cpu, operation, fault, 0);
        }

        byte* bytes = stackalloc byte[16];
        TElement.Store(bytes, Registers.X(cpu, operation->Rd));
        TElement.Store(bytes + TElement.Size, Registers.X(cpu, operation->Rm));
        resolved.Write(Processor.Of(cpu).Memory, new ReadOnlySpan<byte>(bytes, 2 * TElement.Size));
        TAddressing.Writeback(cpu, operation, address);
        return Flow.Next(cpu, operation);
    }
}
