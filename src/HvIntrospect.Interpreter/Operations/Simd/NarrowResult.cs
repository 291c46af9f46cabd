using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.Simd;

/// <summary>Writes results that fill half of a vector.</summary>
internal static unsafe class NarrowResult
{
    /// <summary>Writes the upper half and keeps the lower one, or the lower half and makes the upper one zero.</summary>
    /// <param name="cpu">The state.</param>
    /// <param name="offset">The register's offset.</param>
    /// <param name="isUpper">True for the upper half.</param>
    /// <param name="value">The half.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write(CpuState* cpu, ushort offset, bool isUpper, ulong value)
    {
        ulong* register = (ulong*)Registers.Address(cpu, offset);
        if (isUpper)
        {
            register[1] = value;
        }
        else
        {
            register[0] = value;
            register[1] = 0;
        }
    }
}
