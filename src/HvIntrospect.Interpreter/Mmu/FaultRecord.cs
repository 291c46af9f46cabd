using HvIntrospect.Interpreter.Debug;
using HvIntrospect.Interpreter.State;
using HvIntrospect.Registers;

namespace HvIntrospect.Interpreter.Mmu;

/// <summary>Why a translation, or an access behind it, failed.</summary>
internal struct FaultRecord
{
    /// <summary>The fault status code, DFSC or IFSC.</summary>
    public FaultStatus Status;

    /// <summary>True when the fault belongs to Stage 2, and so goes to EL2.</summary>
    public bool IsStage2;

    /// <summary>True for a Stage 2 fault on an access of a Stage 1 walk.</summary>
    public bool IsStage1Walk;

    /// <summary>WnR.</summary>
    public bool IsWrite;

    /// <summary>CM: the access is a cache maintenance or address translation instruction.</summary>
    public bool IsCacheMaintenance;

    /// <summary>True for a Stage 2 permission fault that exists only because of the inline access filter; without the denial the access is permitted. All other fields of the result are valid beside it.</summary>
    public bool IsInlineDenial;

    /// <summary>The virtual address that faulted, to the byte.</summary>
    public ulong Va;

    /// <summary>The IPA that faulted; meaningful for Stage 2 faults. For a Stage 1 walk it is the descriptor's.</summary>
    public ulong Ipa;

    /// <summary>Takes a fault.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="level">The lookup level.</param>
    /// <returns>False, so that a caller fails by it.</returns>
    public bool Fail(FaultKind kind, int level)
    {
        Status = FaultStatus.Create(kind, level);
        return false;
    }

    /// <summary>Checks permissions, or takes a Permission fault. Where an access both reads and writes, the fault is a write only when the read alone would pass.</summary>
    /// <param name="needed">What must be there.</param>
    /// <param name="permitted">What is there.</param>
    /// <param name="level">The lookup level.</param>
    /// <returns>False for a fault.</returns>
    public bool IsPermitted(Stage2Access needed, Stage2Access permitted, int level)
    {
        Stage2Access missing = needed & ~permitted;
        if (missing == Stage2Access.None)
        {
            return true;
        }

        IsWrite = needed == Stage2Access.ReadWrite ? (missing & Stage2Access.Read) == 0 : IsWrite;
        return Fail(FaultKind.Permission, level);
    }

    /// <summary>Makes the Watchpoint exception of an access, which comes after every fault of its translation.</summary>
    /// <param name="cpu">The vCPU.</param>
    /// <param name="va">The first byte.</param>
    /// <param name="length">The length in bytes.</param>
    /// <param name="el">The Exception level whose permissions count.</param>
    /// <param name="reads">True when the access reads.</param>
    /// <param name="writes">True when the access writes; an atomic does both.</param>
    /// <param name="fault">Receives it.</param>
    /// <returns>False when no watchpoint is hit.</returns>
    public static unsafe bool TryWatchpoint(CpuState* cpu, ulong va, int length, int el, bool reads, bool writes, out FaultRecord fault)
    {
        fault = default;
        if (!WatchpointRegisters.TryHit(cpu, va, length, el, reads, writes, out fault.Va, out fault.IsWrite))
        {
            return false;
        }

        fault.Status = FaultStatus.Create(FaultKind.Debug);
        return true;
    }

    /// <summary>Makes a synchronous External abort: nothing answers at the physical address.</summary>
    /// <param name="va">The virtual address.</param>
    /// <param name="isWrite">WnR.</param>
    /// <returns>The fault.</returns>
    public static FaultRecord External(ulong va, bool isWrite) =>
        new() { Status = new FaultStatus(0b010000), Va = va, IsWrite = isWrite };

    /// <summary>Makes the Stage 2 permission fault of a page that the inline access filter denies, at the last level as for a real page.</summary>
    /// <param name="va">The virtual address.</param>
    /// <param name="ipa">The IPA.</param>
    /// <param name="isWrite">WnR.</param>
    /// <returns>The fault.</returns>
    public static FaultRecord Denied(ulong va, ulong ipa, bool isWrite) => new()
    {
        Status = FaultStatus.Create(FaultKind.Permission, 3),
        IsStage2 = true,
        Va = va,
        Ipa = ipa,
        IsWrite = isWrite,
    };
}
