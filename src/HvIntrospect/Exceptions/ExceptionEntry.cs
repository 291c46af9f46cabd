using System;
using HvIntrospect.Registers;

namespace HvIntrospect.Exceptions;

/// <summary>Takes exceptions to EL1 as hardware does.</summary>
/// <remarks>
/// Arm Architecture Reference Manual (DDI 0487), "Exception entry" and the pseudocode function AArch64.TakeException.
/// The library injects faults with it and the in-box machine takes all its exceptions to EL1 with it. Pure functions; thread-safe.
/// CONSTRAINED UNPREDICTABLE choice: SPSR_EL1 always receives PSTATE.BTYPE, also for classes that may store 0 there.
/// PSTATE fields of Armv8.8 and later (ALLINT, PM, EXLOCK) are not modelled.
/// </remarks>
public static class ExceptionEntry
{
    private const ulong VectorBaseMask = ~0x7FFUL;
    private const int VectorEntrySize = 0x80;

    // N, Z, C, V, DIT and PAN: the fields of an AArch32 state that an AArch64 state has too.
    private const ulong SharedWithAArch32 = 0xF140_0000;

    // What an entry to EL1 writes into PSTATE: EL1h, all masks set, no step, no illegal state, no branch type.
    private static readonly StateRule[] s_stateRules =
    [
        new(0x0000_001F, 0, StateSource.Constant, 0x05),                      // M: EL1h
        new(0x0000_03C0, 0, StateSource.Constant, 0x3C0),                     // D, A, I, F
        new(0x0000_0C00, 0, StateSource.Constant, 0),                         // BTYPE
        new(0x0030_0000, 0, StateSource.Constant, 0),                         // SS and IL
        new(0x0000_1000, A64Features.SSBS, StateSource.SctlrDssbs, 0x1000),   // SSBS
        new(0x0040_0000, A64Features.PAN, StateSource.SctlrNotSpan, 0x400000), // PAN: set or kept
        new(0x0080_0000, A64Features.UAO, StateSource.Constant, 0),           // UAO
        new(0x0200_0000, A64Features.MTE, StateSource.Constant, 0x2000000),   // TCO
    ];

    private enum StateSource : byte
    {
        /// <summary>The field becomes the value.</summary>
        Constant,

        /// <summary>The field becomes the value where SCTLR_EL1.DSSBS is 1, and 0 where it is 0.</summary>
        SctlrDssbs,

        /// <summary>The field becomes the value where SCTLR_EL1.SPAN is 0, and keeps its own where it is 1.</summary>
        SctlrNotSpan,
    }

    /// <summary>Takes an exception to EL1: SPSR_EL1, ELR_EL1, ESR_EL1 and FAR_EL1 are written, PSTATE and PC become those of the vector.</summary>
    /// <param name="core">The core registers. PC is the preferred return address: the instruction itself for a fault or trap, the next one for SVC.</param>
    /// <param name="registers">The exception registers.</param>
    /// <param name="sctlr">SCTLR_EL1.</param>
    /// <param name="features">What the core implements, which decides the PSTATE fields that exist.</param>
    /// <param name="exception">The exception.</param>
    public static void EnterEl1(
        ref CoreRegisters core, ref ExceptionRegisters registers, Sctlr sctlr, A64Features features, in El1Exception exception)
    {
        Spsr source = core.Pstate;
        registers.SpsrEl1 = source;
        registers.ElrEl1 = core.Pc.Value;
        if (exception.Kind is El1ExceptionKind.Synchronous or El1ExceptionKind.SError)
        {
            registers.EsrEl1 = exception.Esr;
        }

        if (exception.Far is Va far)
        {
            registers.FarEl1 = far.Value;
        }

        core.Pc = VectorOf(registers.VbarEl1, source, exception.Kind);
        core.Pstate = StateAfter(source, sctlr, features);
    }

    /// <summary>Gets the address of the vector that an exception to EL1 starts at.</summary>
    /// <param name="vbar">VBAR_EL1; bits 10:0 are not used.</param>
    /// <param name="source">The state that the exception is taken from, EL0 or EL1.</param>
    /// <param name="kind">The kind.</param>
    /// <returns>The address.</returns>
    public static Va VectorOf(ulong vbar, Spsr source, El1ExceptionKind kind)
    {
        ulong group = source.IsAArch32 ? 0x600UL
            : source.ExceptionLevel == 0 ? 0x400UL
            : source.UsesOwnStackPointer ? 0x200UL
            : 0;
        return new Va((vbar & VectorBaseMask) + group + ((ulong)kind * VectorEntrySize));
    }

    /// <summary>Gets PSTATE after an exception to EL1.</summary>
    /// <param name="source">The state that the exception is taken from. The condition flags and DIT are kept.</param>
    /// <param name="sctlr">SCTLR_EL1.</param>
    /// <param name="features">What the core implements.</param>
    /// <returns>EL1h with all exceptions masked.</returns>
    public static Spsr StateAfter(Spsr source, Sctlr sctlr, A64Features features)
    {
        ulong state = source.IsAArch32 ? source.Value & SharedWithAArch32 : source.Value;
        foreach (StateRule rule in s_stateRules)
        {
            if ((features & rule.Feature) == rule.Feature)
            {
                state = rule.Apply(state, sctlr);
            }
        }

        return new Spsr(state);
    }

    private readonly struct StateRule
    {
        private readonly ulong _mask;
        private readonly ulong _value;
        private readonly StateSource _source;

        public StateRule(ulong mask, A64Features feature, StateSource source, ulong value)
        {
            _mask = mask;
            Feature = feature;
            _source = source;
            _value = value;
        }

        public A64Features Feature { get; }

        public ulong Apply(ulong state, Sctlr sctlr) => _source switch
        {
            StateSource.SctlrDssbs => (state & ~_mask) | (sctlr.Has(SctlrBits.Dssbs) ? _value : 0),
            StateSource.SctlrNotSpan => sctlr.Has(SctlrBits.Span) ? state : (state & ~_mask) | _value,
            _ => (state & ~_mask) | _value,
        };
    }
}
