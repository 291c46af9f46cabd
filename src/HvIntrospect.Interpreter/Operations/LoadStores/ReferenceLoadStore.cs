using System.Numerics;
using System.Runtime.CompilerServices;
using HvIntrospect.A64;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.Exceptions;
using HvIntrospect.Interpreter.Operations.PointerAuthentication;
using HvIntrospect.Interpreter.State;
using HvIntrospect.LoadStores;
using HvIntrospect.Registers;

namespace HvIntrospect.Interpreter.Operations.LoadStores;

/// <summary>Any load or store, performed by the reference semantics: what has no handler of its own, and what a handler leaves to it.</summary>
internal unsafe struct ReferenceLoadStore : IOperation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Operation* Execute(CpuState* cpu, Operation* operation)
    {
        Processor.Of(cpu).Pages.Decoder.DecodeLoadStore(operation->Word, out LoadStoreAccess access);
        if (access.IsVector && cpu->FpTrapped != 0)
        {
            return ExceptionEntry.SimdFpTrap(cpu, operation);
        }

        var bus = new MachineBus(cpu, operation);
        EmulationResult result = LoadStoreSemantics.Perform(access, ref bus);
        switch (result.Outcome)
        {
            case EmulationOutcome.Completed:
                return Flow.Next(cpu, operation);
            case EmulationOutcome.Progressed:
                // It counts each time, so that a run ends at its limit however much there is to do.
                Flow.Materialise(cpu, operation);
                cpu->Retired++;
                return Flow.Resume(cpu);
            case EmulationOutcome.GuestFault when result.Fault == GuestFaultKind.MemoryOperation:
                return ExceptionEntry.TakeToEl1(cpu, operation, Esr.Create(ExceptionClass.MemoryOperation, result.Syndrome));
            case EmulationOutcome.GuestFault when result.Fault == GuestFaultKind.StackAlignment:
                return ExceptionEntry.SpAlignment(cpu, operation);
            case EmulationOutcome.GuestFault when result.Fault == GuestFaultKind.DataAbort:
            case EmulationOutcome.Refused:
                return ExceptionEntry.DataAbort(cpu, operation, bus.FaultOf(result), SyndromeOf(access));
            case EmulationOutcome.Unsupported when result.Reason == UnsupportedReason.PointerAuthenticationKeys:
                return PointerCodes.Refuse(cpu, operation, bus.Authentication, MachineBus.KeyOf(access.PointerAuthenticationKey));
            default:
                return ExceptionEntry.Undefined(cpu, operation);
        }
    }

    /// <summary>The record of the instruction for a Stage 2 abort. A literal and LDAPR may make one; IMPLEMENTATION DEFINED choice: they do. So may a 64-byte access: it does not.</summary>
    private static uint SyndromeOf(in LoadStoreAccess access)
    {
        const int SasShift = 22;
        const uint Sse = 1u << 21;
        const uint Sf = 1u << 15;
        const uint Ar = 1u << 14;
        bool isChosen = access.Class == LoadStoreClass.Literal || access.IsAcquirePc;
        return (access.ReportsSyndrome && access.ElementSize == access.TotalSize) || (isChosen && access.MayReportSyndrome)
            ? InstructionSyndrome.Of(
                access.Word,
                ((uint)BitOperations.Log2((uint)access.ElementSize) << SasShift) | (access.SignExtends ? Sse : 0)
                    | (access.RegisterBits == 64 ? Sf : 0) | (access.IsAcquire || access.IsRelease || access.IsAcquirePc ? Ar : 0))
            : 0;
    }
}
