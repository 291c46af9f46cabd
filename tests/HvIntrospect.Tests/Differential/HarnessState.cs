using System.Runtime.InteropServices;

namespace HvIntrospect.Tests.Differential;

/// <summary>The state before or after one instruction, in the layout of the streams of <c>tests/guests/harness/harness.c</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct HarnessState
{
    public fixed ulong X[31];

    public ulong Sp;

    /// <summary>Where the word stands, and afterwards where it led to.</summary>
    public ulong Pc;

    /// <summary>NZCV in bits 31:28.</summary>
    public uint Pstate;

    public uint Word;

    public uint Fpcr;

    public uint Fpsr;

    /// <summary>V0 to V31, two halves each, the low one first.</summary>
    public fixed ulong V[64];
}
