using System.Runtime.InteropServices;

namespace HvIntrospect.Interpreter.Dispatch;

/// <summary>What stands before the operations of a page.</summary>
[StructLayout(LayoutKind.Sequential, Size = Size)]
internal unsafe struct DecodedPage
{
    /// <summary>The size in bytes; operations stay aligned to cache lines.</summary>
    public const int Size = 64;

    /// <summary>The bytes of the page.</summary>
    public uint* Words;

    /// <summary>The physical address of the page.</summary>
    public ulong Pa;

    /// <summary>Gets the header of a page.</summary>
    /// <param name="operations">Its first operation.</param>
    /// <returns>The header.</returns>
    public static DecodedPage* Of(Operation* operations) => (DecodedPage*)((byte*)operations - Size);
}
