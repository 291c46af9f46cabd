using System;
using System.Buffers.Binary;
using HvIntrospect.Translation;

namespace HvIntrospect.Samples.WatchIpa;

/// <summary>Reads the guest's instructions where the guest sees them.</summary>
internal sealed class GuestCode
{
    private readonly IGuestMemory _memory;
    private readonly Stage1Walker _walker;

    public GuestCode(IGuestMemory memory, int addressBits)
    {
        _memory = memory;
        _walker = new Stage1Walker(memory, addressBits);
    }

    /// <summary>Reads the word at a virtual address.</summary>
    /// <returns>The word, or null when no memory is mapped there.</returns>
    public uint? Read(IVcpu vcpu, Va address)
    {
        Stage1Translation place = _walker.Translate(address, Stage1Access.LookUp, vcpu.Translation);
        Span<byte> word = stackalloc byte[sizeof(uint)];
        return !place.IsFault && address.OffsetIn(sizeof(uint)) == 0 && _memory.Read(place.Ipa, word) == word.Length
            ? BinaryPrimitives.ReadUInt32LittleEndian(word)
            : null;
    }
}
