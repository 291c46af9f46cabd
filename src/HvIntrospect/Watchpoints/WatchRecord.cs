using System;
using System.Globalization;
using System.Text;
using HvIntrospect.A64;

namespace HvIntrospect.Watchpoints;

/// <summary>A copy of a <see cref="WatchEvent"/>.</summary>
/// <remarks>Immutable and thread-safe. The members mean what those of the event mean.</remarks>
public sealed class WatchRecord
{
    private readonly byte[] _values;
    private readonly int _oldSize;

    internal WatchRecord(in WatchEvent e)
    {
        Watch = e.Watch;
        Sequence = e.Sequence;
        VcpuIndex = e.Vcpu.Index;
        Pc = e.Pc;
        Va = e.Va;
        Ipa = e.Ipa;
        Size = e.Size;
        Kind = e.Kind;
        Opcode = e.Opcode;
        Access = e.Access;
        IsExact = e.IsExact;
        IsEffective = e.IsEffective;
        _oldSize = e.OldValue.Length;
        _values = new byte[_oldSize + e.NewValue.Length];
        e.OldValue.CopyTo(_values);
        e.NewValue.CopyTo(_values.AsSpan(_oldSize));
    }

    /// <summary>Gets the watch.</summary>
    public Watch Watch { get; }

    /// <summary>Gets the number of the element among all that watches have seen.</summary>
    public long Sequence { get; }

    /// <summary>Gets the number of the vCPU.</summary>
    public int VcpuIndex { get; }

    /// <summary>Gets the instruction's address.</summary>
    public Va Pc { get; }

    /// <summary>Gets the virtual address of the first byte.</summary>
    public Va Va { get; }

    /// <summary>Gets the IPA of the first byte.</summary>
    public Ipa Ipa { get; }

    /// <summary>Gets the size in bytes.</summary>
    public int Size { get; }

    /// <summary>Gets whether it is a read, a write or both.</summary>
    public WatchKinds Kind { get; }

    /// <summary>Gets the bytes in memory before the access.</summary>
    public ReadOnlySpan<byte> OldValue => _values.AsSpan(0, _oldSize);

    /// <summary>Gets the bytes that a store writes or a load reads.</summary>
    public ReadOnlySpan<byte> NewValue => _values.AsSpan(_oldSize);

    /// <summary>Gets the instruction word.</summary>
    public uint Opcode { get; }

    /// <summary>Gets the decoded instruction.</summary>
    public LoadStoreAccess Access { get; }

    /// <summary>Gets a value indicating whether address, size and values are those of one element.</summary>
    public bool IsExact { get; }

    /// <summary>Gets a value indicating whether every vCPU was subject to the watch.</summary>
    public bool IsEffective { get; }

    /// <summary>Formats number, address, kind and values.</summary>
    /// <returns>For example <c>#3 W8 0x40001000 by 0x40000210: 0x0 -> 0x2a</c>.</returns>
    public override string ToString()
    {
        string kind = Kind switch
        {
            WatchKinds.Read => "R",
            WatchKinds.Write => "W",
            WatchKinds.Execute => "X",
            _ => "RW",
        };
        string text = FormattableString.Invariant($"#{Sequence} {kind}{Size} {Ipa} by {Pc}");
        return IsExact ? text + ": " + Number(OldValue) + " -> " + Number(NewValue) : text + " (inexact)";
    }

    private static string Number(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return "?";
        }

        var digits = new StringBuilder(2 * bytes.Length);
        for (int i = bytes.Length - 1; i >= 0; i--)
        {
            digits.Append(bytes[i].ToString("x2", CultureInfo.InvariantCulture));
        }

        string number = digits.ToString().TrimStart('0');
        return number.Length == 0 ? "0x0" : "0x" + number;
    }
}
