using System;

namespace HvIntrospect.Samples.Decode.Words;

/// <summary>Takes the fields of a decoded word, one after the other. Names and texts are ASCII without quotes or control characters.</summary>
internal interface IFieldSink
{
    /// <summary>Takes a text.</summary>
    void Text(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value);

    /// <summary>Takes a number.</summary>
    void Number(ReadOnlySpan<byte> name, int value);

    /// <summary>Takes texts without spaces that spaces separate.</summary>
    void List(ReadOnlySpan<byte> name, ReadOnlySpan<byte> items);
}
