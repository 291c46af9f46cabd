using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Mmu;
using HvIntrospect.Registers;

namespace HvIntrospect.Interpreter.State;

/// <summary>Reads and writes PSTATE, of which the engine keeps parts in other shapes: the flags lazily, SP in one slot, the TLBs by level.</summary>
internal static unsafe class ProcessState
{
    /// <summary>PSTATE.N, Z, C and V in the format of SPSR_ELx and of the NZCV register.</summary>
    public const uint FlagsMask = 0xF000_0000;

    /// <summary>PSTATE.PAN in the format of SPSR_ELx.</summary>
    public const uint PrivilegedAccessNever = 1u << 22;

    /// <summary>PSTATE.UAO in the format of SPSR_ELx.</summary>
    public const uint UserAccessOverride = 1u << 23;

    /// <summary>PSTATE.SS in the format of SPSR_ELx.</summary>
    public const uint SoftwareStep = 1u << 21;

    /// <summary>PSTATE.IL in the format of SPSR_ELx.</summary>
    public const uint IllegalState = 1u << 20;

    /// <summary>PSTATE.BTYPE in the format of SPSR_ELx.</summary>
    public const uint BranchTypeMask = 3u << 10;

    /// <summary>PSTATE.D, A, I and F in the format of SPSR_ELx.</summary>
    public const uint MasksMask = 0xF << 6;

    // M[3:2].
    private const uint LevelMask = 0b1100;

    /// <summary>M[3:0] of EL1 with its own stack pointer.</summary>
    public const uint El1h = 0b0101;

    /// <summary>Gets the current Exception level: 0 or 1.</summary>
    /// <param name="cpu">The state.</param>
    /// <returns>PSTATE.EL.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int ExceptionLevel(CpuState* cpu) => (int)(cpu->Pstate >> 2) & 3;

    /// <summary>Gets the Exception level whose permissions count for LDTR, STTR and their kin.</summary>
    /// <param name="cpu">The state.</param>
    /// <returns>0, or 1 at EL1 while PSTATE.UAO is set.</returns>
    public static int UnprivilegedLevel(CpuState* cpu) => (cpu->Pstate & UserAccessOverride) != 0 ? ExceptionLevel(cpu) : 0;

    /// <summary>Sets the flags from a 64-bit result of an addition or subtraction.</summary>
    /// <param name="cpu">The state.</param>
    /// <param name="result">The result, from which N and Z follow.</param>
    /// <param name="carry">C.</param>
    /// <param name="overflow">V in bit 63.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SetFlags(CpuState* cpu, ulong result, bool carry, ulong overflow)
    {
        cpu->FlagN = (long)result;
        cpu->FlagZ = result;
        cpu->FlagC = carry ? 1UL : 0UL;
        cpu->FlagV = (long)overflow;
    }

    /// <summary>Sets the flags from a 32-bit result of an addition or subtraction.</summary>
    /// <param name="cpu">The state.</param>
    /// <param name="result">The result, from which N and Z follow.</param>
    /// <param name="carry">C.</param>
    /// <param name="overflow">V in bit 31.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SetFlags(CpuState* cpu, uint result, bool carry, uint overflow)
    {
        cpu->FlagN = (int)result;
        cpu->FlagZ = result;
        cpu->FlagC = carry ? 1UL : 0UL;
        cpu->FlagV = (int)overflow;
    }

    /// <summary>Sets N and Z from a result and clears C and V, as ANDS does.</summary>
    /// <param name="cpu">The state.</param>
    /// <param name="result">The result; a 32-bit one sign-extended.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SetLogicalFlags(CpuState* cpu, long result)
    {
        cpu->FlagN = result;
        cpu->FlagZ = (ulong)result;
        cpu->FlagC = 0;
        cpu->FlagV = 0;
    }

    /// <summary>Gets the flags as a word.</summary>
    /// <param name="cpu">The state.</param>
    /// <returns>N, Z, C and V in bits 31:28; other bits 0.</returns>
    public static uint ReadFlags(CpuState* cpu) =>
        (uint)((ulong)cpu->FlagN >> 63 << 31) | (cpu->FlagZ == 0 ? 1u << 30 : 0) | (uint)(cpu->FlagC << 29) | (uint)((ulong)cpu->FlagV >> 63 << 28);

    /// <summary>Sets the flags from a word.</summary>
    /// <param name="cpu">The state.</param>
    /// <param name="flags">N, Z, C and V in bits 31:28; other bits are ignored.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void WriteFlags(CpuState* cpu, uint flags)
    {
        cpu->FlagN = (long)((ulong)flags << 32);
        cpu->FlagZ = ~flags & (1u << 30);
        cpu->FlagC = (flags >> 29) & 1;
        cpu->FlagV = (long)((ulong)flags << 35);
    }

    /// <summary>Gets PSTATE with the flags.</summary>
    /// <param name="cpu">The state.</param>
    /// <returns>The format of SPSR_ELx.</returns>
    public static uint Read(CpuState* cpu) => cpu->Pstate | ReadFlags(cpu);

    /// <summary>Sets PSTATE: flags, masks, Exception level and stack pointer selection, and what depends on them.</summary>
    /// <param name="cpu">The state.</param>
    /// <param name="value">The format of SPSR_ELx, of an EL0 or EL1 state in AArch64.</param>
    public static void Write(CpuState* cpu, uint value)
    {
        WriteFlags(cpu, value);
        WriteWithoutFlags(cpu, value & ~FlagsMask);
    }

    /// <summary>Sets PSTATE except the flags, and what depends on it.</summary>
    /// <param name="cpu">The state.</param>
    /// <param name="value">The format of SPSR_ELx with bits 31:28 zero.</param>
    public static void WriteWithoutFlags(CpuState* cpu, uint value)
    {
        SpSlot(cpu) = cpu->Sp;
        if (((cpu->Pstate ^ value) & LevelMask) != 0)
        {
            CycleCounter.Update(cpu);
        }

        bool changesPan = ((cpu->Pstate ^ value) & PrivilegedAccessNever) != 0;
        cpu->Pstate = value;
        cpu->Sp = SpSlot(cpu);
        DerivedState.Update(cpu);
        if (changesPan)
        {
            FastTlb.Flush(cpu);
        }
    }

    /// <summary>Gets SP_EL0 or SP_EL1, selected or not.</summary>
    /// <param name="cpu">The state.</param>
    /// <param name="el">0 or 1.</param>
    /// <returns>The register.</returns>
    public static ulong ReadSp(CpuState* cpu, int el)
    {
        ref ulong slot = ref el == 0 ? ref cpu->SpEl0 : ref cpu->SpEl1;
        return Unsafe.AreSame(ref slot, ref SpSlot(cpu)) ? cpu->Sp : slot;
    }

    /// <summary>Sets SP_EL0 or SP_EL1, selected or not.</summary>
    /// <param name="cpu">The state.</param>
    /// <param name="el">0 or 1.</param>
    /// <param name="value">The new value.</param>
    public static void WriteSp(CpuState* cpu, int el, ulong value)
    {
        ref ulong slot = ref el == 0 ? ref cpu->SpEl0 : ref cpu->SpEl1;
        slot = value;
        if (Unsafe.AreSame(ref slot, ref SpSlot(cpu)))
        {
            cpu->Sp = value;
        }
    }

    /// <summary>Gets the address that a branch goes to: without the top byte, where that is ignored for instructions. EL0 and EL1 share the controls.</summary>
    /// <param name="cpu">The state.</param>
    /// <param name="target">The address as the branch has it.</param>
    /// <returns>PC.</returns>
    public static ulong BranchAddress(CpuState* cpu, ulong target)
    {
        ulong untagged = (ulong)((long)(target << 8) >> 8);
        if (untagged == target)
        {
            return target;
        }

        Tcr tcr = RegimeControls.Tcr(cpu);
        bool isUpper = (target & (1UL << 55)) != 0;
        bool isIgnored = tcr.Has(isUpper ? TcrBits.Tbi1 : TcrBits.Tbi0) && !tcr.Has(isUpper ? TcrBits.Tbid1 : TcrBits.Tbid0);
        return isIgnored ? untagged : target;
    }

    private static ref ulong SpSlot(CpuState* cpu)
    {
        if ((cpu->Pstate & 0xF) == El1h)
        {
            return ref cpu->SpEl1;
        }

        return ref cpu->SpEl0;
    }
}
