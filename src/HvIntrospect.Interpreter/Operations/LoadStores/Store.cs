using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.Exceptions;
using HvIntrospect.Interpreter.Mmu;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.LoadStores;

/// <summary>A store of one general-purpose register.</summary>
/// <typeparam name="TElement">What is moved.</typeparam>
/// <typeparam name="TAddressing">How the address is found.</typeparam>
/// <typeparam name="TKind">The kind of store.</typeparam>
internal unsafe struct Store<TElement, TAddressing, TKind> : ISlowOperation
    where TElement : struct, IElement
    where TAddressing : struct, IAddressing
    where TKind : struct, IKind
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryExecute(CpuState* cpu, Operation* operation)
    {
        ulong address = TAddressing.Address(cpu, operation);
        DataTlbEntry* entry = DataTlbEntry.Of(TKind.IsUnprivileged ? cpu->UnprivilegedDataTlb : cpu->DataTlb, address);
        if (entry->WriteTag == (DataTlbEntry.Key(address, TElement.Size) | TAddressing.Misalignment(cpu)))
        {
            // CONSTRAINED UNPREDICTABLE when Rt is the base that is written back: the old value is stored.
            TElement.Store((byte*)(address + entry->Addend), Registers.X(cpu, operation->Rd));
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
        var access = new DataAccess(address, TElement.Size, TElement.Size, TKind.Flags | DataAccessFlags.Write);

        // Whether an ordered access may be unaligned depends on much: the reference knows.
        if (DataPath.NeedsReference(cpu, access) || (TKind.Flags & DataAccessFlags.Ordered) != 0)
        {
            return ReferenceLoadStore.Execute(cpu, operation);
        }

        AccessOutcome outcome = DataPath.Store(cpu, operation, access, Registers.X(cpu, operation->Rd), out FaultRecord fault);
        if (outcome == AccessOutcome.Faulted)
        {
            uint syndrome = TAddressing.RecordsSyndrome ? InstructionSyndrome.Of(operation->Word, TElement.Syndrome | TKind.Syndrome) : 0;
            return ExceptionEntry.DataAbort(cpu, operation, fault, syndrome);
        }

        TAddressing.Writeback(cpu, operation, address);
        return Flow.Next(cpu, operation);
    }
}
