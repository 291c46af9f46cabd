using System.Runtime.InteropServices;

namespace HvIntrospect.Tests.Differential;

/// <summary>How a case ended, in the layout of the harness's output.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct HarnessEnding
{
    /// <summary>The number of SIGILL.</summary>
    public const uint IllegalInstruction = 4;

    /// <summary>The number of SIGTRAP.</summary>
    public const uint Trap = 5;

    /// <summary>The number of SIGSEGV.</summary>
    public const uint SegmentationFault = 11;

    /// <summary>The si_code of <see cref="SegmentationFault"/> by a synchronous Tag Check fault.</summary>
    public const uint TagCheck = 9;

    /// <summary>The signal; <see cref="Trap"/> at another PC than the word's when that was executed and its successor is code of the harness.</summary>
    public readonly uint Signal;

    /// <summary>si_code.</summary>
    public readonly uint Code;

    /// <summary>si_addr.</summary>
    public readonly ulong Address;
}
