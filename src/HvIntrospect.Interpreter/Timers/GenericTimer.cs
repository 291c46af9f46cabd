using System;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Timers;

/// <summary>The Generic Timer of a vCPU, driven by the count of executed instructions.</summary>
/// <remarks>
/// Arm Architecture Reference Manual (DDI 0487), "The Generic Timer in AArch64 state". The physical count advances by one each
/// <see cref="CoreSettings.InstructionsPerTick"/> instructions, and by the time that the vCPU waited, so that a run does not depend on the host's clock.
/// All methods need the instruction count to be written down.
/// </remarks>
internal static unsafe class GenericTimer
{
    private const ulong Enable = 1;
    private const ulong Mask = 2;
    private const ulong Status = 4;

    /// <summary>Gets CNTPCT_EL0.</summary>
    /// <param name="cpu">The vCPU.</param>
    /// <returns>The count.</returns>
    public static ulong PhysicalCount(CpuState* cpu) => (cpu->Retired + cpu->System.IdleInstructions) / Processor.Of(cpu).Settings.InstructionsPerTick;

    /// <summary>Gets CNTVCT_EL0.</summary>
    /// <param name="cpu">The vCPU.</param>
    /// <returns>The count.</returns>
    public static ulong VirtualCount(CpuState* cpu) => PhysicalCount(cpu) - cpu->System.CntvoffEl2;

    /// <summary>Gets CNTVCT_EL0 as an Exception level reads it: to a host's EL0 it has no offset.</summary>
    /// <param name="cpu">The vCPU.</param>
    /// <param name="el">The Exception level.</param>
    /// <returns>The count.</returns>
    public static ulong VirtualCount(CpuState* cpu, int el) => IsOfHost(cpu, el) ? PhysicalCount(cpu) : VirtualCount(cpu);

    /// <summary>Gets the timer that an Exception level means by a name: a host's EL0 means the timers of EL2.</summary>
    /// <param name="cpu">The vCPU.</param>
    /// <param name="kind">The timer by its name.</param>
    /// <param name="el">The Exception level.</param>
    /// <returns>The timer that is accessed.</returns>
    public static TimerKind Select(CpuState* cpu, TimerKind kind, int el) => !IsOfHost(cpu, el) ? kind
        : kind == TimerKind.Virtual ? TimerKind.HypervisorVirtual : TimerKind.Hypervisor;

    /// <summary>Gets a CTL register.</summary>
    /// <param name="cpu">The vCPU.</param>
    /// <param name="kind">The timer.</param>
    /// <returns>ENABLE, IMASK and ISTATUS; ISTATUS reads as 0 while the timer is disabled.</returns>
    public static ulong ReadControl(CpuState* cpu, TimerKind kind)
    {
        ulong control = Control(cpu, kind);
        return control | ((control & Enable) != 0 && IsDue(cpu, kind) ? Status : 0);
    }

    /// <summary>Sets a CTL register.</summary>
    /// <param name="cpu">The vCPU.</param>
    /// <param name="kind">The timer.</param>
    /// <param name="value">ENABLE and IMASK; other bits are ignored.</param>
    public static void WriteControl(CpuState* cpu, TimerKind kind, ulong value) => Control(cpu, kind) = value & (Enable | Mask);

    /// <summary>Gets a CVAL register.</summary>
    /// <param name="cpu">The vCPU.</param>
    /// <param name="kind">The timer.</param>
    /// <returns>The count at which the timer fires.</returns>
    public static ulong ReadCompare(CpuState* cpu, TimerKind kind) => Compare(cpu, kind);

    /// <summary>Sets a CVAL register.</summary>
    /// <param name="cpu">The vCPU.</param>
    /// <param name="kind">The timer.</param>
    /// <param name="value">The count at which the timer fires.</param>
    public static void WriteCompare(CpuState* cpu, TimerKind kind, ulong value) => Compare(cpu, kind) = value;

    /// <summary>Gets a TVAL register.</summary>
    /// <param name="cpu">The vCPU.</param>
    /// <param name="kind">The timer.</param>
    /// <returns>How far the compare value is ahead of the count, 32 bits.</returns>
    public static ulong ReadValue(CpuState* cpu, TimerKind kind) => (uint)(Compare(cpu, kind) - Count(cpu, kind));

    /// <summary>Sets a TVAL register.</summary>
    /// <param name="cpu">The vCPU.</param>
    /// <param name="kind">The timer.</param>
    /// <param name="value">A signed 32-bit distance from the count to the new compare value.</param>
    public static void WriteValue(CpuState* cpu, TimerKind kind, ulong value) => Compare(cpu, kind) = Count(cpu, kind) + (ulong)(long)(int)value;

    /// <summary>Gets a timer's output.</summary>
    /// <param name="cpu">The vCPU.</param>
    /// <param name="kind">The timer.</param>
    /// <returns>True when it is enabled, not masked, and its compare value is reached.</returns>
    public static bool IsAsserted(CpuState* cpu, TimerKind kind) => (Control(cpu, kind) & (Enable | Mask)) == Enable && IsDue(cpu, kind);

    /// <summary>Gets when an output will be asserted.</summary>
    /// <param name="cpu">The vCPU.</param>
    /// <param name="kind">The timer.</param>
    /// <returns>The instruction count, above the present one; <see cref="ulong.MaxValue"/> when the output is asserted already, or never will be.</returns>
    public static ulong DueCount(CpuState* cpu, TimerKind kind)
    {
        if ((Control(cpu, kind) & (Enable | Mask)) != Enable || IsDue(cpu, kind))
        {
            return ulong.MaxValue;
        }

        ulong ticks = Compare(cpu, kind) - Count(cpu, kind);
        return InstructionsUntil(cpu, PhysicalCount(cpu), ticks);
    }

    /// <summary>Gets when the event streams that wake from WFE have their next event: EL1's of the virtual count, EL2's of the physical one.</summary>
    /// <param name="cpu">The vCPU.</param>
    /// <returns>The instruction count; <see cref="ulong.MaxValue"/> when neither CNTKCTL_EL1 nor CNTHCTL_EL2 enables a stream.</returns>
    public static ulong NextEventCount(CpuState* cpu) =>
        Math.Min(NextEventCount(cpu, cpu->System.CntkctlEl1, VirtualCount(cpu)), NextEventCount(cpu, cpu->System.CnthctlEl2, PhysicalCount(cpu)));

    private static bool IsOfHost(CpuState* cpu, int el) => el == 0 && RegimeControls.IsHost(cpu);

    private static ulong NextEventCount(CpuState* cpu, ulong control, ulong count)
    {
        const ulong EventEnable = 1UL << 2;
        const ulong FallingEdge = 1UL << 3;
        if ((control & EventEnable) == 0)
        {
            return ulong.MaxValue;
        }

        // An event is an edge of one bit of the count.
        int bit = (int)(control >> 4) & 15;
        ulong period = 2UL << bit;
        ulong edge = (control & FallingEdge) != 0 ? 0 : period >> 1;
        ulong ticks = (edge - count) & (period - 1);
        return InstructionsUntil(cpu, PhysicalCount(cpu), ticks == 0 ? period : ticks);
    }

    private static bool IsDue(CpuState* cpu, TimerKind kind) => Count(cpu, kind) >= Compare(cpu, kind);

    private static ulong Count(CpuState* cpu, TimerKind kind) => kind == TimerKind.Virtual ? VirtualCount(cpu) : PhysicalCount(cpu);

    private static ref ulong Control(CpuState* cpu, TimerKind kind)
    {
        switch (kind)
        {
            case TimerKind.Virtual:
                return ref cpu->System.CntvCtlEl0;
            case TimerKind.Physical:
                return ref cpu->System.CntpCtlEl0;
            case TimerKind.HypervisorVirtual:
                return ref cpu->System.CnthvCtlEl2;
            default:
                return ref cpu->System.CnthpCtlEl2;
        }
    }

    private static ref ulong Compare(CpuState* cpu, TimerKind kind)
    {
        switch (kind)
        {
            case TimerKind.Virtual:
                return ref cpu->System.CntvCvalEl0;
            case TimerKind.Physical:
                return ref cpu->System.CntpCvalEl0;
            case TimerKind.HypervisorVirtual:
                return ref cpu->System.CnthvCvalEl2;
            default:
                return ref cpu->System.CnthpCvalEl2;
        }
    }

    private static ulong InstructionsUntil(CpuState* cpu, ulong count, ulong ticks)
    {
        UInt128 instructions = (UInt128)(count + (UInt128)ticks) * Processor.Of(cpu).Settings.InstructionsPerTick;
        instructions -= cpu->System.IdleInstructions;
        return instructions >= ulong.MaxValue ? ulong.MaxValue : (ulong)instructions;
    }
}
