using System;
using HvIntrospect.Registers;

namespace HvIntrospect.A64;

/// <summary>A word and what a decoder knows of it: 8 bytes.</summary>
/// <remarks>Immutable and thread-safe. The default value is the word 0, which is UDF.</remarks>
public readonly partial struct A64Instruction : IEquatable<A64Instruction>
{
    private readonly uint _word;
    private readonly ushort _index;
    private readonly DecodeStatus _status;

    internal A64Instruction(uint word, int index, DecodeStatus status)
    {
        _word = word;
        _index = (ushort)index;
        _status = status;
    }

    /// <summary>Gets the instruction word.</summary>
    public uint Word => _word;

    /// <summary>Gets what the decoder knows of the word.</summary>
    public DecodeStatus Status => _status;

    /// <summary>Gets a value indicating whether the word is UNDEFINED for the decoder's feature set: unallocated, or its feature is missing.</summary>
    public bool IsUnallocated => _status is DecodeStatus.Unallocated or DecodeStatus.MissingFeature;

    /// <summary>Gets the place of the encoding in the table, from 1; 0 when the word is unallocated. Stable within one build of the library.</summary>
    public int EncodingIndex => _index;

    /// <summary>Gets Arm's encoding id, for example <c>LDR_64_ldst_immpost</c>; empty when the word is unallocated.</summary>
    public string EncodingId => EncodingTable.Instance.GetId(_index);

    /// <summary>Gets the features that the encoding needs, all of them; none when the word is unallocated.</summary>
    public A64Features Feature => A64Decoder.GetFeature(_index);

    /// <summary>Gets the top-level group of the word, allocated or not.</summary>
    public EncodingGroup Group => EncodingGroups.Of(_word);

    /// <summary>Gets what it takes to step the instruction; meaningless for an unallocated word.</summary>
    public StepClass StepClass => _index == 0 ? StepClass.ExceptionGenerating : EncodingTable.Instance.Rows[_index - 1].StepClass;

    /// <summary>Compares for equality.</summary>
    /// <param name="left">One instruction.</param>
    /// <param name="right">The other instruction.</param>
    /// <returns>True when both have the same word and the same status.</returns>
    public static bool operator ==(A64Instruction left, A64Instruction right) => left.Equals(right);

    /// <summary>Compares for inequality.</summary>
    /// <param name="left">One instruction.</param>
    /// <param name="right">The other instruction.</param>
    /// <returns>True when the word or the status differs.</returns>
    public static bool operator !=(A64Instruction left, A64Instruction right) => !left.Equals(right);

    /// <summary>Writes the instruction as text; see <see cref="A64Formatter"/>.</summary>
    /// <param name="destination">Receives the text.</param>
    /// <param name="charsWritten">Receives the number of characters written; 0 on failure.</param>
    /// <returns>False when the text does not fit; then <paramref name="destination"/> may hold a part of it.</returns>
    public bool TryFormat(Span<char> destination, out int charsWritten) => A64Formatter.TryFormat(this, destination, out charsWritten);

    /// <summary>Gets the instruction as text; see <see cref="A64Formatter"/>.</summary>
    /// <returns>For example <c>ldr x2, [x1], #8</c>.</returns>
    public override string ToString() => A64Formatter.ToText(this);

    /// <inheritdoc/>
    public bool Equals(A64Instruction other) => _word == other._word && _index == other._index && _status == other._status;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is A64Instruction other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => (int)_word;
}
