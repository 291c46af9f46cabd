using System.Collections.Generic;
using HvIntrospect.A64;
using HvIntrospect.Registers;
using HvIntrospect.Samples.Decode.Words;

namespace HvIntrospect.Samples.Decode.Faults;

/// <summary>What a hypervisor has to do with an abort.</summary>
internal static class Advice
{
    private const string Advance = "then set ELR_EL2 to the next instruction, clear SPSR_EL2.BTYPE and SPSR_EL2.SS";

    /// <summary>Gets the steps for a Data Abort.</summary>
    public static IEnumerable<string> ForData(Esr esr, DataAbortSyndrome data, LoadStoreStatus status, LoadStoreAccess access, uint? word)
    {
        if (esr.Class == ExceptionClass.DataAbortSameEl)
        {
            yield return data.IsVncr
                ? "the guest hypervisor's register access through VNCR_EL2 faulted: map its page, or inject the abort into it"
                : "this is an abort of the hypervisor itself and no guest's: report the bug";
            yield break;
        }

        if (!StatusText.IsStage2(data.Status))
        {
            yield return NotStage2(data.Status);
            yield break;
        }

        if (data.IsStage1Walk)
        {
            yield return "if the table is to be accessible, map it and retry; if there is no memory, inject a synchronous External abort on a table walk";
            yield return "if the page is guarded, let the walk through once: perform the descriptor's read or update, or open the page and single-step";
            yield break;
        }

        yield return Cause(data.Status);
        if (data.IsCacheMaintenance)
        {
            yield return "if there is no memory at the address there is nothing to maintain: " + Advance[5..];
            yield break;
        }

        foreach (string step in Perform(data, status, access, word))
        {
            yield return step;
        }
    }

    /// <summary>Gets the steps for an Instruction Abort.</summary>
    public static IEnumerable<string> ForFetch(Esr esr, InstructionAbortSyndrome fetch)
    {
        if (esr.Class == ExceptionClass.InstructionAbortSameEl)
        {
            yield return "this is an abort of the hypervisor itself and no guest's: report the bug";
        }
        else if (!StatusText.IsStage2(fetch.Status))
        {
            yield return NotStage2(fetch.Status);
        }
        else
        {
            yield return Cause(fetch.Status);
            yield return "if nothing is to be mapped there, inject an Instruction Abort (synchronous External abort); instructions are never fetched from devices";
        }
    }

    private static string Cause(FaultStatus status) => status.Kind switch
    {
        FaultKind.Translation => "if the page is memory that is mapped on demand, map it and retry; otherwise it belongs to a device or to nobody",
        FaultKind.AccessFlag => "set the Access flag in the Stage 2 descriptor and retry; no TLB maintenance is needed, since such an entry is never cached",
        FaultKind.AddressSize => "the guest uses an IPA, or Stage 2 an output address, beyond the configured size: inject a synchronous External abort or correct VTCR_EL2",
        _ => "Stage 2 denies the access: if it should not (dirty log, stale TLB entry), correct the descriptor and retry; otherwise it is guarded",
    };

    private static IEnumerable<string> Perform(DataAbortSyndrome data, LoadStoreStatus status, LoadStoreAccess access, uint? word)
    {
        bool isDecoded = status is LoadStoreStatus.Valid or LoadStoreStatus.ConstrainedUnpredictable;
        if (data.TryGetInstructionSyndrome(out _))
        {
            yield return "to perform it: move the value between the register and the device as ISS says, extended to the register's width; a load into xzr still reads the device";
            yield return Advance;
            yield break;
        }

        if (word is uint known && SystemOperation.Of(known).IsWrite)
        {
            yield return "to perform it: align the address register down to the block that DCZID_EL0 gives the size of (FAR_EL2 may be any byte of it), and do all of the block or nothing";
            yield return Advance;
            yield break;
        }

        if (!isDecoded)
        {
            yield return word is not null
                ? "to perform it: nothing is known of this word but its address; retry if the word may have been rewritten, otherwise open the page and single-step, or inject a synchronous External abort"
                : "to perform it: fetch the word at ELR_EL2 through the guest's Stage 1 (with the permissions of SPSR_EL2.M) and decode it";
            yield break;
        }

        if (access.Kind == LoadStoreKind.Prefetch)
        {
            yield return "retry: the instruction has been rewritten since";
            yield break;
        }

        if (access.RegisterCount == 0)
        {
            yield return "to perform it: move a part that lies in one page, and update the address and size registers by it as PSTATE.C (option A or B) says; the instruction is then retried";
            yield break;
        }

        yield return "to perform it: compute all addresses from registers (FAR_EL2 may be in the middle), translate and check every page before anything is changed";
        if (access.IsExclusive)
        {
            yield return "keep a software monitor: the hardware's is gone with the exception, and writes of other vCPUs must break it";
        }
        else if (access.Kind == LoadStoreKind.LoadStore)
        {
            yield return "exchange the memory in one atomic operation, since other vCPUs run on";
        }

        yield return $"perform each element once, in order{(AddressText.Writeback(access) is null ? string.Empty : ", and write the base back only when all have succeeded")}";
        yield return Advance;
    }

    private static string NotStage2(FaultStatus status) => status.Kind switch
    {
        FaultKind.SynchronousExternal or FaultKind.SynchronousExternalOnWalk or FaultKind.Parity or FaultKind.ParityOnWalk =>
            "the memory system answered with an error: report it to the guest as the same abort, or stop it",
        FaultKind.TlbConflict => "invalidate the TLB entries of the address, or all, and retry: some change has lacked break-before-make",
        FaultKind.Alignment => "the access is not aligned for memory that Stage 2 makes Device (or it is the guest's own fault under HCR_EL2.TGE): inject an Alignment fault",
        FaultKind.UnsupportedExclusiveOrAtomic => "the memory cannot do exclusive, atomic or 64-byte accesses: perform it in software, or inject the abort",
        FaultKind.UnsupportedAtomicUpdate => "the guest's tables are in memory in which the walker cannot update descriptors: put them elsewhere, or inject the abort",
        FaultKind.TagCheck => "the address and the memory have different tags: the guest's own fault, inject it",
        FaultKind.GranuleProtection or FaultKind.GranuleProtectionOnWalk => "the physical page belongs to another physical address space: Stage 2 maps what it must not",
        _ => "the code is IMPLEMENTATION DEFINED or reserved: see the core's manual, or stop the guest",
    };
}
