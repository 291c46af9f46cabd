using HvIntrospect.Interpreter.State;
using HvIntrospect.Registers;

namespace HvIntrospect.Interpreter.Debug;

/// <summary>What the control registers of breakpoints and watchpoints have in common: the enable bit, the states that they match, and their link to a context.</summary>
/// <remarks>
/// Arm Architecture Reference Manual (DDI 0487), "Execution conditions for which a breakpoint generates Breakpoint exceptions". The vCPU is in
/// Non-secure state. CONSTRAINED UNPREDICTABLE choices: reserved combinations of HMC, SSC and PMC act by SSC and PMC alone; a link to a breakpoint that
/// is disabled, knows no contexts or is not made to be linked to never matches.
/// </remarks>
internal static unsafe class DebugControl
{
    /// <summary>The bits of an address that are compared; above them is its sign.</summary>
    public const ulong AddressMask = (1UL << 49) - 1;

    private const ulong Enable = 1;
    private const ulong Linked = 1UL << 20;
    private const int SecureOnly = 2;
    private const int VmidShift = 32;
    private const int HostContextShift = 32;

    /// <summary>Tells whether a breakpoint or watchpoint is enabled.</summary>
    /// <param name="control">Its control register.</param>
    /// <returns>E.</returns>
    public static bool IsEnabled(ulong control) => (control & Enable) != 0;

    /// <summary>Tells whether a breakpoint or watchpoint is linked to a context.</summary>
    /// <param name="control">Its control register.</param>
    /// <returns>WT, or the lowest bit of BT.</returns>
    public static bool IsLinked(ulong control) => (control & Linked) != 0;

    /// <summary>Tells whether a breakpoint compares an address.</summary>
    /// <param name="control">Its control register.</param>
    /// <returns>False for those that compare a context, and for the reserved types.</returns>
    public static bool IsOfAddress(ulong control) => TypeOf(control) == 0;

    /// <summary>Tells whether a breakpoint or watchpoint matches in an Exception level and in the context to which it is linked.</summary>
    /// <param name="cpu">The vCPU.</param>
    /// <param name="control">Its control register.</param>
    /// <param name="el">The Exception level of the instruction or access.</param>
    /// <returns>True when both match.</returns>
    public static bool IsStateMatched(CpuState* cpu, ulong control, int el)
    {
        int security = (int)(control >> 14) & 3;
        ulong levels = (control >> 1) & 3;
        return security != SecureOnly && (levels & (el == 0 ? 2UL : 1UL)) != 0 && (!IsLinked(control) || IsLinkMatched(cpu, control));
    }

    /// <summary>Tells whether a breakpoint that knows contexts matches the current one.</summary>
    /// <param name="cpu">The vCPU.</param>
    /// <param name="number">Its number.</param>
    /// <returns>False when it compares no context, or cannot.</returns>
    public static bool IsContextMatched(CpuState* cpu, int number)
    {
        // A host's EL0 has no context of EL1 and no VMID.
        ulong value = cpu->System.Dbgbvr[number];
        bool isHost = ProcessState.ExceptionLevel(cpu) == 0 && RegimeControls.IsHost(cpu);
        bool hasHost = (Processor.Of(cpu).Settings.Features & A64Features.VHE) != 0;
        bool isContext = !isHost && (uint)value == (uint)cpu->System.ContextidrEl1;
        bool isHostContext = hasHost && (uint)(value >> HostContextShift) == (uint)cpu->System.ContextidrEl2;
        return number >= BreakpointRegisters.FirstOfContexts && TypeOf(cpu->System.Dbgbcr[number]) switch
        {
            1 => isHost ? (uint)value == (uint)cpu->System.ContextidrEl2 : isContext,
            3 => hasHost && isContext,
            4 => !isHost && IsMachine(cpu, value),
            5 => isContext && IsMachine(cpu, value),
            6 => isHostContext,
            7 => isHostContext && isContext,
            _ => false,
        };
    }

    private static bool IsLinkMatched(CpuState* cpu, ulong control)
    {
        int number = (int)(control >> 16) & 0xF;
        if (number >= BreakpointRegisters.Count)
        {
            return false;
        }

        ulong context = cpu->System.Dbgbcr[number];
        return IsEnabled(context) && IsLinked(context) && IsContextMatched(cpu, number);
    }

    private static bool IsMachine(CpuState* cpu, ulong value)
    {
        ushort mask = new Vtcr(cpu->System.VtcrEl2).HasWideVmid ? ushort.MaxValue : byte.MaxValue;
        return (((ushort)(value >> VmidShift) ^ new Vttbr(cpu->System.VttbrEl2).Vmid) & mask) == 0;
    }

    // BT without the bit that says linked: 0 address, 1 the context of the current regime, 3 CONTEXTIDR_EL1, 4 VMID, 5 both, 6 CONTEXTIDR_EL2, 7 those of EL1 and EL2.
    private static int TypeOf(ulong control) => (int)(control >> 21) & 7;
}
