using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using HvIntrospect.Registers;

namespace HvIntrospect;

/// <summary>The general-purpose registers, stack pointers, PC and PSTATE of a vCPU.</summary>
/// <remarks>
/// Register number 31 is never an index: what it means (zero register or stack pointer) depends on the operand, so both are members of their own.
/// A mutable block that is passed by reference; not thread-safe.
/// </remarks>
[StructLayout(LayoutKind.Sequential)]
public struct CoreRegisters
{
    /// <summary>The number of general-purpose registers: X0 to X30.</summary>
    public const int GeneralCount = 31;

    private GeneralBlock _general;

    /// <summary>Gets or sets SP_EL0, 64 bits.</summary>
    public ulong SpEl0 { readonly get; set; }

    /// <summary>Gets or sets SP_EL1, 64 bits.</summary>
    public ulong SpEl1 { readonly get; set; }

    /// <summary>Gets or sets the address of the next instruction.</summary>
    public Va Pc { readonly get; set; }

    /// <summary>Gets or sets PSTATE in the format of SPSR_ELx.</summary>
    public Spsr Pstate { readonly get; set; }

    /// <summary>Gets or sets the stack pointer that PSTATE selects: SP_EL0 at EL0 and EL1t, SP_EL1 at EL1h.</summary>
    public ulong Sp
    {
        readonly get => Pstate.SelectsSpEl1 ? SpEl1 : SpEl0;
        set
        {
            if (Pstate.SelectsSpEl1)
            {
                SpEl1 = value;
            }
            else
            {
                SpEl0 = value;
            }
        }
    }

    /// <summary>Gets or sets a general-purpose register.</summary>
    /// <param name="index">0 to 30.</param>
    /// <returns>All 64 bits.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="index"/> is not 0 to 30.</exception>
    public ulong this[int index]
    {
        readonly get
        {
            ThrowIfNotGeneral(index);
            return Unsafe.Add(ref Unsafe.AsRef(in _general.First), index);
        }

        set
        {
            ThrowIfNotGeneral(index);
            Unsafe.Add(ref _general.First, index) = value;
        }
    }

    private static void ThrowIfNotGeneral(int index)
    {
        if ((uint)index >= GeneralCount)
        {
            Throw(index);
        }

        static void Throw(int index) => throw new ArgumentOutOfRangeException(
            nameof(index), index, "General-purpose registers are X0 to X30; register 31 is the zero register or the stack pointer, which are members of their own.");
    }

    [StructLayout(LayoutKind.Sequential, Size = GeneralCount * sizeof(ulong))]
    private struct GeneralBlock
    {
        public ulong First;
    }
}
