using System;

namespace HvIntrospect.Tooling.Loading;

/// <summary>A run of instructions in a program, without the data that lies between them.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed class ElfCode
{
    internal ElfCode(Va address, ReadOnlyMemory<byte> data)
    {
        Address = address;
        Data = data;
    }

    /// <summary>Gets the address of the first instruction, as the program was linked; a multiple of 4.</summary>
    public Va Address { get; }

    /// <summary>Gets the instruction words, little-endian; its length is a multiple of 4.</summary>
    public ReadOnlyMemory<byte> Data { get; }
}
