using System.Runtime.InteropServices;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.Mmu;

namespace HvIntrospect.Interpreter.State;

/// <summary>All state of one vCPU as one blittable block, at offsets that operations hold as 16-bit numbers.</summary>
/// <remarks>
/// <para>Everything architectural lies before <see cref="FirstHostField"/> and holds no host address, but for the bytes from
/// <see cref="HotHostFields"/> to <see cref="VectorOffset"/>: a snapshot is a copy without those. They and what follows are host pointers and
/// bookkeeping of the running engine, rebuilt after a restore.</para>
/// <para>The registers that an operation names by number lie first: X0 to X30, then slots for what number 31 and an ignored result mean. An
/// operand is resolved to an offset when the operation is bound, so that a handler never tests for number 31.</para>
/// </remarks>
[StructLayout(LayoutKind.Explicit)]
internal unsafe struct CpuState
{
    /// <summary>Offset of X0; Xn lies at <c>8 * n</c>.</summary>
    public const int GeneralOffset = 0;

    /// <summary>Offset of the zero slot: register number 31 as a source. Never written.</summary>
    public const int ZeroOffset = 31 * 8;

    /// <summary>Offset of the current stack pointer: register number 31 where it means SP.</summary>
    public const int SpOffset = 32 * 8;

    /// <summary>Offset of the sink: register number 31 as a destination. Never read.</summary>
    public const int SinkOffset = 33 * 8;

    /// <summary>Offset of V0; Vn lies at <c>VectorOffset + 16 * n</c>.</summary>
    public const int VectorOffset = 512;

    /// <summary>Offset of the system registers.</summary>
    public const int SystemOffset = 1024 + 64;

    /// <summary>Offset of the first field that is not architectural state, except for <see cref="HotHostFields"/>. It shares no low 12 bits with the registers: hosts compare only those when a load follows a store.</summary>
    public const int FirstHostField = 3584;

    /// <summary>Offset of the host fields that handlers use. They lie near the start, where the runtime checks no pointer for null before it adds the offset.</summary>
    public const int HotHostFields = 400;

    /// <summary>Offset of <see cref="SpentOperation"/>.</summary>
    public const int SpentOffset = FirstHostField + 160;

    /// <summary>Offset of <see cref="JumpOperation"/>.</summary>
    public const int JumpOffset = FirstHostField + 192;

    /// <summary>X0 to X30.</summary>
    [FieldOffset(GeneralOffset)]
    public fixed ulong X[31];

    /// <summary>Always 0.</summary>
    [FieldOffset(ZeroOffset)]
    public ulong Zero;

    /// <summary>The stack pointer that PSTATE selects. Its bank (<see cref="SpEl0"/> or <see cref="SpEl1"/>) is stale while it is selected.</summary>
    [FieldOffset(SpOffset)]
    public ulong Sp;

    /// <summary>Takes results that nothing reads.</summary>
    [FieldOffset(SinkOffset)]
    public ulong Sink;

    /// <summary>PSTATE.N is bit 63.</summary>
    [FieldOffset(272)]
    public long FlagN;

    /// <summary>PSTATE.Z is set when this is 0.</summary>
    [FieldOffset(280)]
    public ulong FlagZ;

    /// <summary>PSTATE.C: 0 or 1.</summary>
    [FieldOffset(288)]
    public ulong FlagC;

    /// <summary>PSTATE.V is bit 63.</summary>
    [FieldOffset(296)]
    public long FlagV;

    /// <summary>
    /// How many more instructions may be executed before the next due count, less the longest straight run of a page and counted as if from
    /// the start of the current page: <c>Due - 1024 - (Retired - index in the page)</c>. Straight code leaves it alone; a control transfer from
    /// index i to index j subtracts <c>i + 1 - j</c>, and a negative result leaves the fast loop.
    /// </summary>
    [FieldOffset(304)]
    public long Budget;

    /// <summary>The virtual address of the page that is executed, bits 11:0 zero.</summary>
    [FieldOffset(312)]
    public ulong PageVa;

    /// <summary>PSTATE without NZCV, in the format of SPSR_ELx. Change it by <see cref="Processor"/> only: SP, the TLBs and traps depend on it.</summary>
    [FieldOffset(320)]
    public uint Pstate;

    /// <summary>Not 0 when FP and SIMD instructions trap in the current state; kept by the system registers.</summary>
    [FieldOffset(324)]
    public byte FpTrapped;

    /// <summary>Not 0 while EL2 holds virtual interrupts back from the vCPU.</summary>
    [FieldOffset(325)]
    public byte InterruptsHeld;

    /// <summary>Not 0 when data is big-endian in the current state.</summary>
    [FieldOffset(326)]
    public byte IsBigEndian;

    /// <summary>Not 0 when EL1 or EL0 may make accesses that are checked against Allocation Tags. PSTATE.TCO has no part in it.</summary>
    [FieldOffset(327)]
    public byte ChecksTags;

    /// <summary>The banked SP_EL0; stale while selected.</summary>
    [FieldOffset(328)]
    public ulong SpEl0;

    /// <summary>The banked SP_EL1; stale while selected.</summary>
    [FieldOffset(336)]
    public ulong SpEl1;

    /// <summary>PC when the vCPU does not run, and the target of a control transfer that left the fast loop.</summary>
    [FieldOffset(344)]
    public ulong Pc;

    /// <summary>The instruction count at which the fast loop must be left.</summary>
    [FieldOffset(352)]
    public ulong Due;

    /// <summary>Instructions executed when the vCPU does not run, without one that trapped to EL2 (<see cref="IsTrapped"/>). While it runs see <see cref="Flow.Retired"/>.</summary>
    [FieldOffset(360)]
    public ulong Retired;

    /// <summary>The exclusive monitor: 0 when it is open, else the size of the marked access in bytes; <see cref="Flow"/> does not touch it.</summary>
    [FieldOffset(368)]
    public uint MonitorSize;

    /// <summary>Not 0 when EL2 software armed or kept the monitor, which therefore survives the next entry to the guest.</summary>
    [FieldOffset(372)]
    public uint MonitorKept;

    /// <summary>The physical address that the exclusive monitor holds.</summary>
    [FieldOffset(376)]
    public ulong MonitorPa;

    /// <summary>The address of the instruction that trapped to EL2; valid with <see cref="IsTrapped"/>.</summary>
    [FieldOffset(384)]
    public ulong TrappedPc;

    /// <summary>Not 0 when an instruction trapped to EL2 and is not counted yet: it counts when EL2 goes on behind it or elsewhere, not when the vCPU executes it again.</summary>
    [FieldOffset(392)]
    public uint IsTrapped;

    /// <summary>The operations of the page that is executed: 1024, then the one that goes on to the next page.</summary>
    [FieldOffset(400)]
    public Operation* PageOperations;

    /// <summary>The host-pointer cache of data pages for the current Exception level.</summary>
    [FieldOffset(408)]
    public DataTlbEntry* DataTlb;

    /// <summary>The cache of decoded pages for the current Exception level.</summary>
    [FieldOffset(416)]
    public FetchTlbEntry* FetchTlb;

    /// <summary>The operation whose slow path, or the target whose due count, a deferred operation works on.</summary>
    [FieldOffset(424)]
    public Operation* Current;

    /// <summary>The target of a deferred jump.</summary>
    [FieldOffset(432)]
    public ulong JumpTarget;

    /// <summary>The slow paths of the dispatcher, by <see cref="Operation.HandlerId"/>.</summary>
    [FieldOffset(440)]
    public Operation* SlowOperations;

    /// <summary>SP is misaligned as the base of an access when it has one of these bits: 15, or 0 while the check is off.</summary>
    [FieldOffset(448)]
    public ulong SpAlignmentMask;

    /// <summary>The host-pointer cache of data pages for LDTR and STTR.</summary>
    [FieldOffset(456)]
    public DataTlbEntry* UnprivilegedDataTlb;

    /// <summary>V0 to V31, two halves each, the low one first.</summary>
    [FieldOffset(VectorOffset)]
    public fixed ulong V[64];

    /// <summary>FPCR.</summary>
    [FieldOffset(1024)]
    public ulong Fpcr;

    /// <summary>FPSR.</summary>
    [FieldOffset(1032)]
    public ulong Fpsr;

    /// <summary>The system registers, timers and debug state.</summary>
    [FieldOffset(SystemOffset)]
    public SystemState System;

    /// <summary>Why the fast loop is left.</summary>
    [FieldOffset(FirstHostField + 56)]
    public LeaveReason LeaveReason;

    /// <summary>Not 0 when the translation of the page that is executed may have changed; a slow path then goes on through the outer loop.</summary>
    [FieldOffset(FirstHostField + 60)]
    public uint IsPageStale;

    /// <summary>Not 0 while instructions are executed one by one: nothing fetches the next one on its own.</summary>
    [FieldOffset(FirstHostField + 32)]
    public uint IsOneByOne;

    /// <summary>The data cache of EL0.</summary>
    [FieldOffset(FirstHostField + 64)]
    public DataTlbEntry* DataTlbEl0;

    /// <summary>The data cache of EL1.</summary>
    [FieldOffset(FirstHostField + 72)]
    public DataTlbEntry* DataTlbEl1;

    /// <summary>The fetch cache of EL0.</summary>
    [FieldOffset(FirstHostField + 80)]
    public FetchTlbEntry* FetchTlbEl0;

    /// <summary>The fetch cache of EL1.</summary>
    [FieldOffset(FirstHostField + 88)]
    public FetchTlbEntry* FetchTlbEl1;

    /// <summary>A <see cref="GCHandle"/> of the <see cref="Processor"/> whose state this is.</summary>
    [FieldOffset(FirstHostField + 96)]
    public nint Owner;

    /// <summary>What an exception to EL2 reports; valid with <see cref="LeaveReason.ExceptionToEl2"/>.</summary>
    [FieldOffset(FirstHostField + 104)]
    public PendingExit Exit;

    /// <summary>How many exceptions were taken, to either level.</summary>
    [FieldOffset(FirstHostField + 112)]
    public ulong ExceptionsTaken;

    /// <summary>Leaves the fast loop.</summary>
    [FieldOffset(FirstHostField + 128)]
    public Operation LeaveOperation;

    /// <summary>Leaves the fast loop before <see cref="Current"/>, because the budget is spent.</summary>
    [FieldOffset(SpentOffset)]
    public Operation SpentOperation;

    /// <summary>Goes from <see cref="Current"/> to <see cref="JumpTarget"/>, which the fetch cache does not know or the budget does not allow.</summary>
    [FieldOffset(JumpOffset)]
    public Operation JumpOperation;
}
