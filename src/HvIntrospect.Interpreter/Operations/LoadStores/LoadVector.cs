using System;
using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.Exceptions;
using HvIntrospect.Interpreter.Mmu;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.LoadStores;

/// <summary>A load of one SIMD&amp;FP register.</summary>
/// <typeparam name="TElement">What is moved.</typeparam>
/// <typeparam name="TAddressing">How the address is found.</typeparam>
internal unsafe struct LoadVector<TElement, TAddressing> : ISlowOperation
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
        if (entry->ReadTag == key)
        {
            byte* host = (byte*)(address + entry->Addend);
            TElement.Load(Registers.Address(cpu, operation->Rd), host);
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
        var access = new DataAccess(address, TElement.Size, TElement.Size, DataAccessFlags.None);

        if (DataPath.NeedsReference(cpu, access))
        {
            return ReferenceLoadStore.Execute(cpu, operation);
        }

        if (!DataPath.TryResolve(cpu, access, out ResolvedAccess resolved, out FaultRecord fault))
        {
            return ExceptionEntry.DataAbort(cpu, operation, fault, 0);
        }

        byte* bytes = stackalloc byte[32];
        resolved.Read(new Span<byte>(bytes, TElement.Size));
        TElement.Load(Registers.Address(cpu, operation->Rd), bytes);
        TAddressing.Writeback(cpu, operation, address);
        return Flow.Next(cpu, operation);
    }
}
