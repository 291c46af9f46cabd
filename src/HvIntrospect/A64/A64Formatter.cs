using System;

namespace HvIntrospect.A64;

/// <summary>Writes instructions as text.</summary>
/// <remarks>
/// <para>Loads and stores are written in full: the preferred alias, lower case, immediates in decimal, as LLVM's disassembler prints them. A literal's
/// address is written as its distance from the instruction.</para>
/// <para>Other groups are not written in full: an allocated word is written as <c>.inst 0x1e602820 // FADD_D_floatdp2</c>, with Arm's encoding id, an
/// unallocated one as <c>.inst 0x00000000</c>. Both are accepted by assemblers.</para>
/// <para>Thread-safe.</para>
/// </remarks>
public static class A64Formatter
{
    /// <summary>A length in characters that every text fits in.</summary>
    public const int MaximumLength = 96;

    /// <summary>Writes an instruction.</summary>
    /// <param name="instruction">The instruction.</param>
    /// <param name="destination">Receives the text.</param>
    /// <param name="charsWritten">Receives the number of characters written; 0 on failure.</param>
    /// <returns>False when the text does not fit; then <paramref name="destination"/> may hold a part of it.</returns>
    public static bool TryFormat(A64Instruction instruction, Span<char> destination, out int charsWritten)
    {
        if (instruction.Status == DecodeStatus.Allocated && instruction.Group == EncodingGroup.LoadStores)
        {
            _ = LoadStoreForms.Fill(EncodingTable.Instance.LoadStorePlans[instruction.EncodingIndex], instruction.Word, out LoadStoreAccess access);
            return TryFormat(access, destination, out charsWritten);
        }

        var writer = new TextWriter(destination);
        writer.Append(".inst 0x");
        writer.AppendHex(instruction.Word);
        if (!instruction.IsUnallocated)
        {
            writer.Append(" // ");
            writer.Append(instruction.EncodingId);
        }

        return Finish(writer, out charsWritten);
    }

    /// <summary>Writes a load/store.</summary>
    /// <param name="access">The access. One that was not decoded is written as a word.</param>
    /// <param name="destination">Receives the text.</param>
    /// <param name="charsWritten">Receives the number of characters written; 0 on failure.</param>
    /// <returns>False when the text does not fit; then <paramref name="destination"/> may hold a part of it.</returns>
    public static bool TryFormat(in LoadStoreAccess access, Span<char> destination, out int charsWritten)
    {
        var writer = new TextWriter(destination);
        if (access.EncodingIndex == 0)
        {
            writer.Append(".inst 0x");
            writer.AppendHex(access.Word);
        }
        else
        {
            LoadStoreFormatter.Write(ref writer, access);
        }

        return Finish(writer, out charsWritten);
    }

    /// <summary>Gets the text of an instruction.</summary>
    internal static string ToText(A64Instruction instruction)
    {
        Span<char> text = stackalloc char[MaximumLength];
        _ = TryFormat(instruction, text, out int length);
        return text.Slice(0, length).ToString();
    }

    /// <summary>Gets the text of a load/store.</summary>
    internal static string ToText(in LoadStoreAccess access)
    {
        Span<char> text = stackalloc char[MaximumLength];
        _ = TryFormat(access, text, out int length);
        return text.Slice(0, length).ToString();
    }

    private static bool Finish(TextWriter writer, out int charsWritten)
    {
        charsWritten = writer.Overflowed ? 0 : writer.Length;
        return !writer.Overflowed;
    }
}
