using System;

namespace HvIntrospect.Tooling.Loading;

/// <summary>A part of a file that is executed.</summary>
internal readonly struct ExecutablePart
{
    public ExecutablePart(Va address, ulong fileOffset, ReadOnlyMemory<byte> data)
    {
        Address = address;
        FileOffset = fileOffset;
        Data = data;
    }

    /// <summary>Gets the address of its first byte, as the program was linked.</summary>
    public Va Address { get; }

    /// <summary>Gets where in the file its first byte is.</summary>
    public ulong FileOffset { get; }

    /// <summary>Gets its bytes.</summary>
    public ReadOnlyMemory<byte> Data { get; }
}
