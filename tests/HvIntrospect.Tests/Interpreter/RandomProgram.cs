using System;
using System.Linq;
using HvIntrospect.A64;
using HvIntrospect.Registers;
using HvIntrospect.Tests.A64;

namespace HvIntrospect.Tests.Interpreter;

/// <summary>Makes programs of random instructions that stay in their pages most of the time: they loop, call, compute, access memory, fault, and now and then write over themselves.</summary>
internal sealed class RandomProgram
{
    // Bases of memory accesses. Other instructions leave them alone.
    private const uint FirstBase = 24;
    private const uint LastBase = 28;

    private static readonly EncodingRow[] s_dataProcessing = Rows(
        row => row.Group is EncodingGroup.DataProcessingImmediate or EncodingGroup.DataProcessingRegister);

    private static readonly EncodingRow[] s_loadStores = Rows(row => row.Section is LoadStoreSection section
        && section.LoadStoreClass is LoadStoreClass.UnsignedImmediate or LoadStoreClass.UnscaledImmediate or LoadStoreClass.RegisterOffset
            or LoadStoreClass.ImmediatePreIndexed or LoadStoreClass.ImmediatePostIndexed or LoadStoreClass.PairOffset
            or LoadStoreClass.PairPostIndexed or LoadStoreClass.PairPreIndexed or LoadStoreClass.ExclusiveRegister or LoadStoreClass.Literal
            or LoadStoreClass.Ordered);

    private readonly Random _random;

    public RandomProgram(int seed)
    {
        _random = new Random(seed);
    }

    public uint[] Make(int length)
    {
        var words = new uint[length];
        for (int i = 0; i < length; i++)
        {
            words[i] = _random.Next(20) switch
            {
                < 9 => DataProcessing(),
                < 13 => LoadStore(),
                < 15 => Compare(),
                < 18 => ConditionalBranch(),
                18 => Branch(),
                _ => (uint)_random.NextInt64(1L << 32),
            };
        }

        return words;
    }

    public ulong NextValue() => _random.Next(3) switch
    {
        0 => (ulong)_random.Next(16),
        1 => ulong.MaxValue >> _random.Next(64),
        _ => (ulong)_random.NextInt64(),
    };

    private static EncodingRow[] Rows(Func<EncodingRow, bool> filter) =>
        EncodingTable.Instance.Rows.Where(row => row.Feature == A64Features.Armv8_0 && filter(row)).ToArray();

    private static uint KeepBases(uint word, int shift)
    {
        uint register = (word >> shift) & 31;
        return register is >= FirstBase and <= LastBase ? word ^ (8u << shift) : word;
    }

    private uint Fields() => (uint)_random.NextInt64(1L << 32);

    private uint DataProcessing() => _random.Next(4) == 0 ? SmallMove() : KeepBases(s_dataProcessing[_random.Next(s_dataProcessing.Length)].Word(Fields()), 0);

    // MOVZ of a small number, so that comparisons find equal values.
    private uint SmallMove() => 0xD280_0000u | ((uint)_random.Next(4) << 5) | (uint)_random.Next(16);

    private uint LoadStore()
    {
        uint word = s_loadStores[_random.Next(s_loadStores.Length)].Word(Fields());
        word = KeepBases(KeepBases(KeepBases(word, 0), 10), 16);

        // Literals have no base; a changed offset does them no harm.
        return (word & ~(31u << 5)) | ((FirstBase + (uint)_random.Next(5)) << 5);
    }

    private uint Compare()
    {
        uint word = _random.Next(4) switch
        {
            0 => 0x7100_0000u | ((uint)_random.Next(8) << 10),
            1 => 0x6B00_0000u | ((uint)_random.Next(16) << 16),
            2 => 0x7200_0000u | ((uint)_random.Next(4) << 10),
            _ => 0x6A00_0000u | ((uint)_random.Next(16) << 16),
        };
        return word | ((uint)_random.Next(2) << 31) | ((uint)_random.Next(16) << 5) | (_random.Next(2) == 0 ? 31u : (uint)_random.Next(16));
    }

    private uint ConditionalBranch()
    {
        // Forward twice as often as backward, so that programs move on.
        int distance = _random.Next(3) == 0 ? -_random.Next(1, 12) : _random.Next(1, 30);
        uint register = (uint)_random.Next(24);
        return _random.Next(4) switch
        {
            0 or 1 => 0x5400_0000u | (((uint)distance & 0x7_FFFF) << 5) | (uint)_random.Next(16),
            2 => 0x3400_0000u | ((uint)_random.Next(4) << 24 & 0x0100_0000) | ((uint)_random.Next(2) << 31) | (((uint)distance & 0x7_FFFF) << 5) | register,
            _ => 0x3600_0000u | ((uint)_random.Next(2) << 24) | ((uint)_random.Next(32) << 19) | (((uint)distance & 0x3FFF) << 5) | register,
        };
    }

    private uint Branch() => _random.Next(4) switch
    {
        0 => 0x1400_0000u | (uint)_random.Next(1, 40),
        1 => 0x9400_0000u | ((uint)_random.Next(-400, 800) & 0x3FF_FFFF),
        2 => 0x1400_0000u | ((uint)_random.Next(-800, 1200) & 0x3FF_FFFF),
        _ => 0xD65F_03C0u,
    };
}
