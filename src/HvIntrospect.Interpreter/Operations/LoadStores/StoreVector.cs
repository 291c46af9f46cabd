using System;
using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.Exceptions;
using HvIntrospect.Interpreter.Mmu;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.LoadStores;

/// <summary>A store of one SIMD&amp;FP register.</summary>
/// <typeparam name="TElement">What is moved.</typeparam>
/// <typeparam name="TAddressing">How the address is found.</typeparam>
internal unsafe struct StoreVector<TElement, TAddressing> : ISlowOperation
    where TElement : struct, IVectorElement
    where TAddressing : struct, IAddressing
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryExecute(CpuState* cpu, Operation* operation)
    {
        ulong address = TAddressing.Address(cpu, operation);
        DataTlbEntry* entry = DataTlbEntry.Of(cpu->DataTlb, address);
        ulong key = DataTlbEntry.Key(address, TElement.Size) | TAddressing.Misalignment(cpu) | cpu->FpTrapped;
        if (entry->WriteTag == key)
        {
            byte* host = (byte*)(address + entry->Addend);
            TElement.Store(Registers.Address(cpu, operation->Rd), host);
            TAddressing.Writeback(cpu, operation, address);
            return true;
        }

        return false;
    }

    /// <inheritdoc/>
    public static Operation* ExecuteSlow(CpuState* cpu, Operation* operation)
    {
        if (cpu->FpTrapped != 0)
        {
            return ExceptionEntry.SimdFpTrap(cpu, operation);
        }

        if (TAddressing.Misalignment(cpu) != 0)
        {
            return ExceptionEntry.SpAlignment(cpu, operation);
        }

        ulong address = TAddressing.Address(cpu, operation);
        var access = new DataAccess(address, TElement.Size, TElement.Size, DataAccessFlags.Write);

        if (DataPath.NeedsReference(cpu, access))
        {
            return ReferenceLoadStore.Execute(cpu, operation);
        }

        if (!DataPath.TryResolve(cpu, access, out ResolvedAccess resolved, out FaultRecord fault))
        {
            return ExceptionEntry.DataAbort(cpu, operation, fault, 0);
        }

        byte* bytes = stackalloc byte[32];
        TElement.Store(Registers.Address(cpu, operation->Rd), bytes);
        resolved.Write(Processor.Of(cpu).Memory, new ReadOnlySpan<byte>(bytes, TElement.Size));
        TAddressing.Writeback(cpu, operation, address);
        return Flow.Next(cpu, operation);
    }
}
