using HvIntrospect.Exceptions;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.State;
using HvIntrospect.Registers;

namespace HvIntrospect.Interpreter.Exceptions;

/// <summary>Physical and virtual interrupts: which are pending, which are taken, and where.</summary>
/// <remarks>
/// Arm Architecture Reference Manual (DDI 0487), "Asynchronous exception routing" and "Virtual interrupts". They are looked at between instructions, before a
/// pending Software Step exception. A physical interrupt that is routed to EL2 cannot be masked by the guest; it ends the run.
/// </remarks>
internal static unsafe class Interrupts
{
    private const ulong Amo = (ulong)HcrBits.Amo;
    private const ulong Imo = (ulong)HcrBits.Imo;
    private const ulong Fmo = (ulong)HcrBits.Fmo;
    private const ulong Tge = (ulong)HcrBits.Tge;
    private const ulong ErrorSyndrome = 0x1FF_FFFF;
    private const ulong VirtualBits = (ulong)(HcrBits.Vse | HcrBits.Vf | HcrBits.Vi);

    private static readonly Source[] s_sources =
    [
        new(InterruptLine.SError, null, Amo, (ulong)HcrBits.Vse, 1U << 8),
        new(InterruptLine.Fiq, InterruptLine.VirtualFiq, Fmo, (ulong)HcrBits.Vf, 1U << 6),
        new(InterruptLine.Irq, InterruptLine.VirtualIrq, Imo, (ulong)HcrBits.Vi, 1U << 7),
    ];

    /// <summary>Tells whether something would wake the vCPU from WFI, masked or not.</summary>
    /// <param name="cpu">The vCPU.</param>
    /// <returns>True when an interrupt is pending.</returns>
    public static bool IsAnyPending(CpuState* cpu)
    {
        if (IsAllQuiet(cpu))
        {
            return false;
        }

        foreach (Source source in s_sources)
        {
            if (source.IsPhysicalPending(cpu) || source.IsVirtualPending(cpu))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Gets what ISR_EL1 holds at EL1: pending virtual interrupts where they are enabled, otherwise physical ones.</summary>
    /// <param name="cpu">The vCPU.</param>
    /// <returns>A, I and F in bits 8:6.</returns>
    public static ulong Status(CpuState* cpu)
    {
        ulong status = 0;
        foreach (Source source in s_sources)
        {
            bool isVirtual = (cpu->System.HcrEl2 & source.Routing) != 0;
            status |= (isVirtual ? source.IsVirtualPending(cpu) : source.IsPhysicalPending(cpu)) ? source.Mask : 0;
        }

        return status;
    }

    /// <summary>Takes one pending interrupt, if one can be taken now. Works on the written-down state.</summary>
    /// <param name="cpu">The vCPU.</param>
    /// <returns>False when none is taken.</returns>
    public static bool TryTake(CpuState* cpu)
    {
        if (IsAllQuiet(cpu))
        {
            return false;
        }

        foreach (Source source in s_sources)
        {
            bool isUnmasked = (cpu->Pstate & source.Mask) == 0;
            if (source.IsPhysicalPending(cpu))
            {
                if ((cpu->System.HcrEl2 & (source.Routing | Tge)) != 0)
                {
                    cpu->LeaveReason = LeaveReason.PhysicalInterrupt;
                    return true;
                }

                if (isUnmasked)
                {
                    ExceptionEntry.Enter(cpu, false, ExceptionOf(source.Mask, 0));
                    return true;
                }
            }

            if (isUnmasked && cpu->InterruptsHeld == 0 && source.IsVirtualPending(cpu))
            {
                // A virtual SError is taken once.
                cpu->System.HcrEl2 &= ~(source.VirtualBit & (ulong)HcrBits.Vse);
                ExceptionEntry.Enter(cpu, false, ExceptionOf(source.Mask, (uint)cpu->System.VsesrEl2));
                return true;
            }
        }

        return false;
    }

    /// <summary>Defers a pending SError that is masked, as ESB does: it is recorded and is not pending any more. A physical one lowers its line.</summary>
    /// <param name="cpu">The vCPU.</param>
    public static void DeferError(CpuState* cpu)
    {
        const ulong Recorded = 1UL << 31;
        Source error = s_sources[0];
        ref SystemState system = ref cpu->System;
        if ((cpu->Pstate & error.Mask) == 0)
        {
            return;
        }

        if (error.IsVirtualPending(cpu))
        {
            system.VdisrEl2 = Recorded | (system.VsesrEl2 & ErrorSyndrome);
            system.HcrEl2 &= ~error.VirtualBit;
        }
        else if (error.IsPhysicalPending(cpu) && (system.HcrEl2 & (error.Routing | Tge)) == 0)
        {
            system.DisrEl1 = Recorded;
            system.InterruptLines &= ~(1UL << (int)InterruptLine.SError);
        }
    }

    /// <summary>Gets DISR_EL1: at EL1 that of virtual SErrors where those are enabled.</summary>
    /// <param name="system">The registers.</param>
    /// <param name="el">The Exception level that looks.</param>
    /// <returns>The register.</returns>
    public static ref ulong DeferredError(ref SystemState system, int el)
    {
        if (el == 1 && (system.HcrEl2 & Amo) != 0)
        {
            return ref system.VdisrEl2;
        }

        return ref system.DisrEl1;
    }

    // Nearly always: no line and no timer is asserted, and EL2 injects nothing.
    private static bool IsAllQuiet(CpuState* cpu) => (cpu->System.InterruptLines | cpu->System.TimerInterrupt | (cpu->System.HcrEl2 & VirtualBits)) == 0;

    private static El1Exception ExceptionOf(uint mask, uint errorSyndrome) => mask switch
    {
        1U << 8 => El1Exception.SError(errorSyndrome),
        1U << 7 => El1Exception.Irq,
        _ => El1Exception.Fiq,
    };

    private readonly struct Source
    {
        private readonly ulong _physical;
        private readonly ulong _virtual;
        private readonly bool _hasTimer;

        public Source(InterruptLine physical, InterruptLine? virtualLine, ulong routing, ulong virtualBit, uint mask)
        {
            _physical = 1UL << (int)physical;
            _virtual = virtualLine is InterruptLine line ? 1UL << (int)line : 0;
            _hasTimer = virtualLine == InterruptLine.VirtualIrq;
            Routing = routing;
            VirtualBit = virtualBit;
            Mask = mask;
        }

        public ulong Routing { get; }

        public ulong VirtualBit { get; }

        public uint Mask { get; }

        public bool IsPhysicalPending(CpuState* cpu) => (cpu->System.InterruptLines & _physical) != 0;

        // Virtual interrupts exist only while their physical counterpart is routed to EL2 and HCR_EL2.TGE is 0.
        public bool IsVirtualPending(CpuState* cpu) =>
            (cpu->System.HcrEl2 & (Routing | Tge)) == Routing
            && ((cpu->System.HcrEl2 & VirtualBit) != 0 || (cpu->System.InterruptLines & _virtual) != 0 || (_hasTimer && cpu->System.TimerInterrupt != 0));
    }
}
