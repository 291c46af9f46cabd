using HvIntrospect.Interpreter.State;
using HvIntrospect.Registers;

namespace HvIntrospect.Interpreter.Debug;

/// <summary>The breakpoints of a core.</summary>
/// <remarks>
/// Arm Architecture Reference Manual (DDI 0487), "Breakpoint exceptions". The fast loop never looks at them: pages in which one could hit stay out of the
/// fetch caches, and are executed one instruction at a time. IMPLEMENTATION DEFINED choice: BAS is not RES1; an instruction is matched by its lowest bit.
/// </remarks>
internal static unsafe class BreakpointRegisters
{
    /// <summary>How many there are.</summary>
    public const int Count = 6;

    /// <summary>The first of those that can compare a context; the others are behind it.</summary>
    public const int FirstOfContexts = 4;

    private const ulong LowestByte = 1UL << 5;
    private const ulong Page = 4095;
    private const ulong Word = 3;

    /// <summary>Tells whether some breakpoint could hit in a page, in whatever state.</summary>
    /// <param name="cpu">The vCPU.</param>
    /// <param name="pc">An address in the page.</param>
    /// <returns>False nearly always: no breakpoint is enabled.</returns>
    public static bool AreAnyIn(CpuState* cpu, ulong pc) => new Mdscr(cpu->System.MdscrEl1).MonitorDebugEnable && IsAnyEnabledIn(cpu, pc);

    /// <summary>Tells whether a breakpoint hits the instruction at PC.</summary>
    /// <param name="cpu">The vCPU.</param>
    /// <returns>True when it does, however often the instruction is reached.</returns>
    public static bool IsHit(CpuState* cpu)
    {
        if (!DebugExceptions.AreRegistersEnabled(cpu))
        {
            return false;
        }

        int el = ProcessState.ExceptionLevel(cpu);
        for (int n = 0; n < Count; n++)
        {
            ulong control = cpu->System.Dbgbcr[n];
            if (DebugControl.IsEnabled(control) && DebugControl.IsStateMatched(cpu, control, el)
                && (DebugControl.IsOfAddress(control)
                    ? (control & LowestByte) != 0 && IsSame(cpu->System.Dbgbvr[n], cpu->Pc, Word)
                    : !DebugControl.IsLinked(control) && DebugControl.IsContextMatched(cpu, n)))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsAnyEnabledIn(CpuState* cpu, ulong pc)
    {
        for (int n = 0; n < Count; n++)
        {
            ulong control = cpu->System.Dbgbcr[n];
            if (DebugControl.IsEnabled(control)
                && (DebugControl.IsOfAddress(control) ? IsSame(cpu->System.Dbgbvr[n], pc, Page) : !DebugControl.IsLinked(control)))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsSame(ulong value, ulong pc, ulong ignored) => ((value ^ pc) & DebugControl.AddressMask & ~ignored) == 0;
}
