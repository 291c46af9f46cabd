using System;
using System.Text;

namespace HvIntrospect.Tooling.Loading;

/// <summary>Reads names from a string table and counts their bytes, because hostile symbols may all share one long name.</summary>
internal ref struct NameReader
{
    private readonly ReadOnlySpan<byte> _strings;
    private long _left;

    public NameReader(ReadOnlySpan<byte> strings, int symbolCount)
    {
        _strings = strings;
        _left = (8L * strings.Length) + (16L * symbolCount);
        IsExhausted = false;
    }

    /// <summary>Gets a value indicating whether names fail because there were too many bytes of them.</summary>
    public bool IsExhausted { get; private set; }

    public bool TryRead(uint offset, out string name)
    {
        name = string.Empty;
        if (offset == 0)
        {
            return true;
        }

        if (offset >= (uint)_strings.Length)
        {
            return false;
        }

        ReadOnlySpan<byte> rest = _strings.Slice((int)offset);
        ReadOnlySpan<byte> allowed = rest.Slice(0, (int)Math.Min(rest.Length, _left + 1));
        int length = allowed.IndexOf((byte)0);
        if (length < 0)
        {
            IsExhausted = allowed.Length < rest.Length;
            return false;
        }

        _left -= length;
        name = Encoding.UTF8.GetString(allowed.Slice(0, length).ToArray());
        return true;
    }
}
