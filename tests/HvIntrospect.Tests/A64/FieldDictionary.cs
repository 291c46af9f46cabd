using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using HvIntrospect.A64;
using HvIntrospect.Samples.Decode.Words;

namespace HvIntrospect.Tests.A64;

/// <summary>The fields of a decoded access as texts by name.</summary>
internal readonly struct FieldDictionary : IFieldSink
{
    private readonly Dictionary<string, string> _fields = [];

    public FieldDictionary()
    {
    }

    public static Dictionary<string, string> Of(in LoadStoreAccess access)
    {
        var sink = new FieldDictionary();
        AccessFields.Write(access, Encoding.ASCII.GetBytes(access.ToString()), ref sink);
        return sink._fields;
    }

    public void Text(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) => _fields.Add(Encoding.ASCII.GetString(name), Encoding.ASCII.GetString(value));

    public void Number(ReadOnlySpan<byte> name, int value) => _fields.Add(Encoding.ASCII.GetString(name), value.ToString(CultureInfo.InvariantCulture));

    public void List(ReadOnlySpan<byte> name, ReadOnlySpan<byte> items) => Text(name, items);
}
