using System;
using System.Globalization;
using System.Linq;
using HvIntrospect.A64;
using HvIntrospect.Registers;

namespace HvIntrospect.Tests.Differential;

/// <summary>One load/store with everything that it depends on.</summary>
internal sealed class LoadStoreCase
{
    private const ulong El0Masked = 0x3C0;

    public LoadStoreCase(int seed, EncodingRow row, uint word)
    {
        Seed = seed;
        Row = row;
        Word = word;
    }

    /// <summary>Gets what the case was made from.</summary>
    public int Seed { get; }

    public EncodingRow Row { get; }

    public uint Word { get; }

    public LoadStoreClass Class => ((LoadStoreSection)Row.Section).LoadStoreClass;

    public ulong Pc { get; init; }

    public ulong[] X { get; } = new ulong[31];

    public ulong Sp { get; set; }

    public UInt128[] V { get; } = new UInt128[32];

    /// <summary>Gets or sets NZCV in bits 31:28, which no load/store changes.</summary>
    public uint Nzcv { get; set; }

    /// <summary>Gets or sets bits of PSTATE that are set beside the usual ones; not every executor has them.</summary>
    public uint PstateBits { get; set; }

    /// <summary>Gets or sets a value indicating whether it is executed at EL0, where the executor has both levels.</summary>
    public bool IsUser { get; set; }

    /// <summary>Gets the process state: interrupts masked, the own stack pointer at EL1.</summary>
    public Spsr Pstate => new((IsUser ? El0Masked : Spsr.El1hMasked.Value) | Nzcv | PstateBits);

    /// <summary>Gets the bytes of the data window.</summary>
    public byte[] Memory { get; } = new byte[TestLayout.DataSize];

    /// <summary>Gets the address that the case aims at.</summary>
    public ulong Target { get; init; }

    /// <summary>Gets or sets a value indicating whether the architecture leaves the result open.</summary>
    public bool IsConstrainedUnpredictable { get; set; }

    /// <summary>Tests whether an access of the longest size would lie on both sides of an address.</summary>
    public bool Crosses(ulong address) => Target < address && Target + TestLayout.LongestAccess > address;

    /// <summary>Makes the same state with another instruction; whether its result is open is not known.</summary>
    public LoadStoreCase WithWord(uint word)
    {
        LoadStoreCase other = new(Seed, Row, word) { Pc = Pc, Target = Target, Sp = Sp, Nzcv = Nzcv };
        X.CopyTo(other.X, 0);
        V.CopyTo(other.V, 0);
        Memory.CopyTo(other.Memory, 0);
        return other;
    }

    public uint Field(char letter) => Row.Field(Word, letter);

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"seed {Seed}: {Word:x8} {Row.Id} at {Pc:x}, target {Target:x}{(IsConstrainedUnpredictable ? ", constrained unpredictable" : string.Empty)}, SP={Sp:x} {string.Join(' ', X.Select(static (x, i) => $"X{i}={x:x}"))}");
}
