using System;
using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.Exceptions;
using HvIntrospect.Interpreter.Mmu;
using HvIntrospect.Interpreter.Semantics;
using HvIntrospect.Interpreter.State;
using HvIntrospect.Registers;

namespace HvIntrospect.Interpreter.Operations.PointerAuthentication;

/// <summary>Makes, checks and removes the authentication codes of pointers, with a vCPU's keys and controls.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "Pointer authentication": AddPAC, Auth and Strip, in the EL1&amp;0 regime.</remarks>
internal static unsafe class PointerCodes
{
    private const ulong UpperWord = 0xFFFF_FFFF_0000_0000;

    /// <summary>Adds a code to a pointer, where the key is enabled.</summary>
    /// <param name="cpu">The vCPU.</param>
    /// <param name="key">The key.</param>
    /// <param name="modifier">The modifier.</param>
    /// <param name="pointer">The pointer.</param>
    /// <returns>Never <see cref="AuthenticationOutcome.Failed"/>.</returns>
    public static AuthenticationOutcome Add(CpuState* cpu, PointerKey key, ulong modifier, ref ulong pointer)
    {
        if (!IsEnabled(cpu, key))
        {
            return AuthenticationOutcome.Done;
        }

        if (IsTrapped(cpu))
        {
            return AuthenticationOutcome.Trapped;
        }

        // The half whose size counts is told by bit 55 when the top byte is ignored in either half.
        PointerAuthenticationLevel level = Processor.Of(cpu).Settings.PointerAuthentication;
        bool isData = IsData(key);
        bool isUpper = IgnoresTopByte(cpu, isData, isUpper: false) || IgnoresTopByte(cpu, isData, isUpper: true)
            ? PointerLayout.IsUpper(pointer)
            : (long)pointer < 0;
        var layout = new PointerLayout(AddressBits(cpu, isUpper), IgnoresTopByte(cpu, isData, PointerLayout.IsUpper(pointer)));
        ulong code = Compute(cpu, key, layout.Extend(pointer, isUpper), modifier);
        if (!layout.IsCanonical(pointer))
        {
            code = level switch
            {
                PointerAuthenticationLevel.Basic => code ^ (layout.IgnoresTopByte ? 1UL << 54 : 1UL << 62),
                PointerAuthenticationLevel.Enhanced => 0,
                _ => code,
            };
        }

        pointer = layout.Insert(pointer, level >= PointerAuthenticationLevel.Combined ? pointer ^ code : code, isUpper);
        return AuthenticationOutcome.Done;
    }

    /// <summary>Checks a pointer's code and removes it, where the key is enabled.</summary>
    /// <param name="cpu">The vCPU.</param>
    /// <param name="key">The key.</param>
    /// <param name="isCombined">True for an instruction that uses the pointer too.</param>
    /// <param name="modifier">The modifier.</param>
    /// <param name="pointer">The pointer.</param>
    /// <returns>The outcome. A wrong code that is no exception leaves a pointer that faults when it is used.</returns>
    public static AuthenticationOutcome Authenticate(CpuState* cpu, PointerKey key, bool isCombined, ulong modifier, ref ulong pointer)
    {
        if (!IsEnabled(cpu, key))
        {
            return AuthenticationOutcome.Done;
        }

        if (IsTrapped(cpu))
        {
            return AuthenticationOutcome.Trapped;
        }

        PointerAuthenticationLevel level = Processor.Of(cpu).Settings.PointerAuthentication;
        bool isGood = TryAuthenticate(cpu, key, modifier, ref pointer);
        return !isGood && level >= (isCombined ? PointerAuthenticationLevel.FaultingCombined : PointerAuthenticationLevel.Faulting)
            ? AuthenticationOutcome.Failed
            : AuthenticationOutcome.Done;
    }

    /// <summary>Checks a pointer's code and removes it, whether the key is enabled or not.</summary>
    /// <param name="cpu">The vCPU.</param>
    /// <param name="key">The key.</param>
    /// <param name="modifier">The modifier.</param>
    /// <param name="pointer">The pointer.</param>
    /// <returns>False when the code is wrong; then the pointer faults when it is used.</returns>
    public static bool TryAuthenticate(CpuState* cpu, PointerKey key, ulong modifier, ref ulong pointer)
    {
        bool isUpper = PointerLayout.IsUpper(pointer);
        PointerLayout layout = LayoutOf(cpu, IsData(key), isUpper);
        ulong canonical = layout.Extend(pointer, isUpper);
        ulong code = Compute(cpu, key, canonical, modifier) & layout.Code;
        if (Processor.Of(cpu).Settings.PointerAuthentication >= PointerAuthenticationLevel.Combined)
        {
            pointer ^= code;
            return pointer == canonical;
        }

        bool isGood = (pointer & layout.Code) == code;

        // The two bits below the top of the code become 01 for key A and 10 for key B.
        int top = layout.IgnoresTopByte ? 53 : 61;
        ulong error = key is PointerKey.InstructionB or PointerKey.DataB ? 2UL : 1UL;
        pointer = isGood ? canonical : (canonical & ~(3UL << top)) | (error << top);
        return isGood;
    }

    /// <summary>Removes a pointer's code.</summary>
    /// <param name="cpu">The vCPU.</param>
    /// <param name="isData">True for a data pointer.</param>
    /// <param name="pointer">The pointer.</param>
    /// <returns>The canonical pointer.</returns>
    public static ulong Strip(CpuState* cpu, bool isData, ulong pointer)
    {
        bool isUpper = PointerLayout.IsUpper(pointer);
        return LayoutOf(cpu, isData, isUpper).Extend(pointer, isUpper);
    }

    /// <summary>Makes the code of any value, as PACGA.</summary>
    /// <param name="cpu">The vCPU.</param>
    /// <param name="value">The value.</param>
    /// <param name="modifier">The modifier.</param>
    /// <param name="code">The code in bits 63:32; the others are 0.</param>
    /// <returns>Never <see cref="AuthenticationOutcome.Failed"/>.</returns>
    public static AuthenticationOutcome MakeGeneric(CpuState* cpu, ulong value, ulong modifier, out ulong code)
    {
        code = Compute(cpu, PointerKey.Generic, value, modifier) & UpperWord;
        return IsTrapped(cpu) ? AuthenticationOutcome.Trapped : AuthenticationOutcome.Done;
    }

    /// <summary>Takes the exception of an instruction that could not use a key.</summary>
    /// <param name="cpu">The state.</param>
    /// <param name="operation">The instruction.</param>
    /// <param name="outcome">Why, not <see cref="AuthenticationOutcome.Done"/>.</param>
    /// <param name="key">The key.</param>
    /// <returns>The next operation.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Operation* Refuse(CpuState* cpu, Operation* operation, AuthenticationOutcome outcome, PointerKey key) =>
        outcome == AuthenticationOutcome.Trapped
            ? ExceptionEntry.TakeToEl2(cpu, operation, Esr.Create(ExceptionClass.PointerAuthentication, 0))
            : ExceptionEntry.TakeToEl1(
                cpu, operation, PointerAuthenticationFailureSyndrome.Create(IsData(key), key is PointerKey.InstructionB or PointerKey.DataB));

    private static bool IsData(PointerKey key) => key is PointerKey.DataA or PointerKey.DataB;

    private static bool IsEnabled(CpuState* cpu, PointerKey key) => RegimeControls.Sctlr(cpu).Has(key switch
    {
        PointerKey.InstructionA => SctlrBits.EnIa,
        PointerKey.InstructionB => SctlrBits.EnIb,
        PointerKey.DataA => SctlrBits.EnDa,
        _ => SctlrBits.EnDb,
    });

    private static bool IsTrapped(CpuState* cpu)
    {
        return !new Hcr(cpu->System.HcrEl2).Has(HcrBits.Api) && !RegimeControls.IsHost(cpu);
    }

    private static PointerLayout LayoutOf(CpuState* cpu, bool isData, bool isUpper) =>
        new(AddressBits(cpu, isUpper), IgnoresTopByte(cpu, isData, isUpper));

    private static bool IgnoresTopByte(CpuState* cpu, bool isData, bool isUpper)
    {
        Tcr tcr = RegimeControls.Tcr(cpu);
        return tcr.Has(isUpper ? TcrBits.Tbi1 : TcrBits.Tbi0) && (isData || !tcr.Has(isUpper ? TcrBits.Tbid1 : TcrBits.Tbid0));
    }

    private static int AddressBits(CpuState* cpu, bool isUpper)
    {
        // CONSTRAINED UNPREDICTABLE choice: a size out of its range means the nearest one.
        CoreSettings settings = Processor.Of(cpu).Settings;
        Tcr tcr = RegimeControls.Tcr(cpu);
        var format = new TableFormat(isUpper ? tcr.Granule1 : tcr.Granule0, tcr.Has(TcrBits.Ds), settings.Translation, settings.AddressBits);
        return 64 - format.NearestStage1Size(isUpper ? tcr.T1sz : tcr.T0sz, settings.Translation);
    }

    private static ulong Compute(CpuState* cpu, PointerKey key, ulong pointer, ulong modifier)
    {
        ReadOnlySpan<ulong> registers = cpu->System.PointerKeys;
        return Qarma5.Encrypt(pointer, modifier, registers[(2 * (int)key) + 1], registers[2 * (int)key]);
    }
}
