using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace HvIntrospect;

/// <summary>The SIMD&amp;FP registers and the floating-point control and status registers of a vCPU.</summary>
/// <remarks>A mutable block that is passed by reference; not thread-safe.</remarks>
[StructLayout(LayoutKind.Sequential)]
public struct VectorRegisters
{
    /// <summary>The number of SIMD&amp;FP registers: V0 to V31.</summary>
    public const int Count = 32;

    private VectorBlock _vectors;

    /// <summary>Gets or sets FPCR, 64 bits.</summary>
    public ulong Fpcr { readonly get; set; }

    /// <summary>Gets or sets FPSR, 64 bits.</summary>
    public ulong Fpsr { readonly get; set; }

    /// <summary>Gets or sets a SIMD&amp;FP register.</summary>
    /// <param name="index">0 to 31.</param>
    /// <returns>All 128 bits.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="index"/> is not 0 to 31.</exception>
    public VectorRegister this[int index]
    {
        readonly get
        {
            ThrowIfNotVector(index);
            return Unsafe.Add(ref Unsafe.AsRef(in _vectors.First), index);
        }

        set
        {
            ThrowIfNotVector(index);
            Unsafe.Add(ref _vectors.First, index) = value;
        }
    }

    private static void ThrowIfNotVector(int index)
    {
        if ((uint)index >= Count)
        {
            Throw(index);
        }

        static void Throw(int index) =>
            throw new ArgumentOutOfRangeException(nameof(index), index, "SIMD&FP registers are V0 to V31.");
    }

    [StructLayout(LayoutKind.Sequential, Size = Count * 16)]
    private struct VectorBlock
    {
        public VectorRegister First;
    }
}
