using System;
using System.Buffers.Binary;
using System.Linq;
using System.Runtime.InteropServices;
using HvIntrospect.A64;
using HvIntrospect.Interpreter.Operations.LoadStores;
using HvIntrospect.Registers;

namespace HvIntrospect.Tests.Differential;

/// <summary>Makes load/stores from the rows of the A64 table, with registers that aim at the interesting places of the data window.</summary>
/// <remarks>What an address is made of is written here once more, from the manual, so that a mistake of the decoder cannot hide itself.</remarks>
internal static class LoadStoreCaseGenerator
{
    private const uint ZeroRegister = 31;

    private static readonly EncodingRow[] s_baseRows = [.. EncodingTable.Instance.Rows.Where(static row => IsLoadStore(row) && row.Feature == A64Features.Armv8_0)];

    /// <summary>Gets how many encodings the cases of the base architecture are made of.</summary>
    public static int EncodingCount => s_baseRows.Length;

    /// <summary>Gets the rows of which cases can be made: those that have one address and are performed.</summary>
    public static EncodingRow[] AllRows { get; } = [.. EncodingTable.Instance.Rows.Where(static row => IsLoadStore(row) && LoadStoreBinders.IsPerformed(row))];

    /// <summary>Makes the case of a seed from the rows of the base architecture; the same seed makes the same case.</summary>
    public static LoadStoreCase Make(int seed) => Make(seed, s_baseRows);

    /// <summary>Makes the case of a seed; the same seed and rows make the same case.</summary>
    public static LoadStoreCase Make(int seed, EncodingRow[] rows)
    {
        // The numbers of neighbouring seeds resemble each other: take the seeds apart.
        Random random = new((int)((uint)seed * 0x9e3779b1u >> 1) ^ (seed << 7));
        while (true)
        {
            if (TryMake(seed, random, rows) is { } made)
            {
                return made;
            }
        }
    }

    private static bool IsLoadStore(EncodingRow row) =>
        row.Section is LoadStoreSection section && section.LoadStoreClass is not (LoadStoreClass.MemoryCopyAndSet or LoadStoreClass.MemorySetTags);

    /// <summary>Structures of several elements do not exist for one lane of 8 bytes.</summary>
    private static bool IsUndefined(LoadStoreClass loadStoreClass, uint word) =>
        loadStoreClass is LoadStoreClass.MultipleStructures or LoadStoreClass.MultipleStructuresPostIndexed
        && ((word >> 12) & 15) is 0b0000 or 0b0100 or 0b1000
        && (word & 0x4000_0C00) == 0xC00;

    private static LoadStoreCase? TryMake(int seed, Random random, EncodingRow[] rows)
    {
        EncodingRow row = rows[random.Next(rows.Length)];

        // Not the last slots: Unicorn fetches beyond the one instruction that it executes.
        ulong pc = TestLayout.Code + ((ulong)random.Next(((int)TestLayout.CodeSize / 4) - 4) * 4);
        ulong target = PickTarget(random);
        var loadStoreClass = ((LoadStoreSection)row.Section).LoadStoreClass;

        uint word = row.Value | (PickWord(random) & ~row.Mask) | row.FieldMask('S');
        uint base_ = PickRegister(random);
        word = With(word, row, 'n', base_);
        word = With(word, row, 't', random.Next(8) == 0 ? base_ : PickRegister(random));
        word = With(word, row, '2', random.Next(8) == 0 ? row.Field(word, 't') : PickRegister(random));
        word = With(word, row, 's', random.Next(8) == 0 ? row.Field(word, 't') : PickRegister(random));
        word = With(word, row, 'm', random.Next(8) == 0 ? base_ : PickRegister(random));
        if (loadStoreClass == LoadStoreClass.Literal)
        {
            target &= ~3ul;
            word = With(word, row, 'i', (uint)((long)(target - pc) >> 2));
        }

        // A narrower pattern that comes first may take the word (RPRFM takes some of PRFM's).
        if (EncodingTable.Instance.Rows.First(first => first.Matches(word)) != row || IsUndefined(loadStoreClass, word))
        {
            return null;
        }

        LoadStoreCase made = new(seed, row, word) { Pc = pc, Target = target };
        for (int i = 0; i < made.X.Length; i++)
        {
            made.X[i] = PickValue(random);
        }

        made.Sp = PickValue(random);
        random.NextBytes(MemoryMarshal.AsBytes(made.V.AsSpan()));
        random.NextBytes(made.Memory);
        made.Nzcv = (uint)random.Next(16) << 28;
        made.IsConstrainedUnpredictable = IsConstrainedUnpredictable(made);
        return row.Feature == A64Features.Armv8_0 ? TryAim(made) ? made : null : TryAimExtension(made) ? made : null;
    }

    /// <summary>Sets the base register of an instruction of an extension, as the decoder has its operands: whether it is right the executors tell.</summary>
    private static bool TryAimExtension(LoadStoreCase made)
    {
        LoadStoreStatus status = LoadStoreBinders.Decoder.DecodeLoadStore(made.Word, out LoadStoreAccess access);
        made.IsConstrainedUnpredictable = status == LoadStoreStatus.ConstrainedUnpredictable;
        bool isBefore = access.AddressingMode is AddressingMode.Offset or AddressingMode.Unscaled or AddressingMode.PreIndexed;
        SetBase(made, made.Target - (isBefore ? (ulong)access.Immediate : 0));
        return status is LoadStoreStatus.Valid or LoadStoreStatus.ConstrainedUnpredictable;
    }

    private static void SetBase(LoadStoreCase made, ulong start)
    {
        uint n = made.Field('n');
        if (n == ZeroRegister)
        {
            made.Sp = start;
        }
        else
        {
            made.X[n] = start;
        }
    }

    /// <summary>Sets the base register so that the access begins at the target.</summary>
    private static bool TryAim(LoadStoreCase made)
    {
        uint n = made.Field('n');
        ulong start = made.Target;
        switch (made.Class)
        {
            case LoadStoreClass.Literal:
                return true;
            case LoadStoreClass.RegisterOffset:
                uint m = made.Field('m');
                ulong index = Extend(m == ZeroRegister ? 0 : made.X[m], (made.Word >> 13) & 7);
                int shift = made.Field('k') != 0 ? Scale(made) : 0;
                if (m == n && m != ZeroRegister)
                {
                    // base + (base << shift) for a base that fits in 32 bits, whatever the extension.
                    ulong parts = 1ul + (1ul << shift);
                    if (start % parts != 0)
                    {
                        return false;
                    }

                    start /= parts;
                    break;
                }

                start -= index << shift;
                break;
            case LoadStoreClass.UnsignedImmediate:
                start -= (ulong)made.Field('i') << Scale(made);
                break;
            case LoadStoreClass.PairOffset or LoadStoreClass.PairNoAllocate or LoadStoreClass.PairPreIndexed:
                start -= (ulong)(SignExtend(made.Field('i'), 7) << Scale(made));
                break;
            case LoadStoreClass.UnscaledImmediate or LoadStoreClass.Unprivileged or LoadStoreClass.ImmediatePreIndexed:
                start -= (ulong)SignExtend(made.Field('i'), 9);
                break;
            default:
                // Post-index, exclusive and ordered accesses are made at the base itself.
                break;
        }

        SetBase(made, start);
        return true;
    }

    /// <summary>Gets log2 of the unit of an immediate or of a scaled index.</summary>
    private static int Scale(LoadStoreCase made)
    {
        bool isVector = (made.Word & (1u << 26)) != 0;
        int top = (int)(made.Word >> 30);
        bool isPair = made.Class is LoadStoreClass.PairOffset or LoadStoreClass.PairNoAllocate or LoadStoreClass.PairPreIndexed;
        return (isPair, isVector) switch
        {
            (true, true) => 2 + top,
            (true, false) => top == 2 ? 3 : 2,
            (false, true) when (made.Word & (1u << 23)) != 0 => 4,
            _ => top,
        };
    }

    private static ulong Extend(ulong value, uint option) => option switch
    {
        2 => (uint)value,
        6 => (ulong)(int)value,
        _ => value,
    };

    private static long SignExtend(uint value, int bits) => (long)((ulong)value << (64 - bits)) >> (64 - bits);

    /// <summary>The conditions on registers under which the architecture permits several results.</summary>
    private static bool IsConstrainedUnpredictable(LoadStoreCase made)
    {
        bool isVector = (made.Word & (1u << 26)) != 0;
        uint n = made.Field('n');
        uint t = made.Field('t');
        uint t2 = made.Field('2');
        uint s = made.Field('s');
        bool isPairLoad = (made.Word & (1u << 22)) != 0;
        return made.Class switch
        {
            LoadStoreClass.ImmediatePostIndexed or LoadStoreClass.ImmediatePreIndexed => !isVector && n == t && n != ZeroRegister,
            LoadStoreClass.PairPostIndexed or LoadStoreClass.PairPreIndexed =>
                (!isVector && (n == t || n == t2) && n != ZeroRegister) || (isPairLoad && t == t2),
            LoadStoreClass.PairOffset or LoadStoreClass.PairNoAllocate => isPairLoad && t == t2,
            LoadStoreClass.ExclusiveRegister when !isPairLoad => s == t || (s == n && n != ZeroRegister),
            LoadStoreClass.ExclusivePair when !isPairLoad => s == t || s == t2 || (s == n && n != ZeroRegister),
            LoadStoreClass.ExclusivePair => t == t2,
            _ => false,
        };
    }

    /// <summary>Picks where the access begins: around the borders of the denied page, around those of what is mapped, or anywhere.</summary>
    private static ulong PickTarget(Random random)
    {
        ulong border = random.Next(8) switch
        {
            0 or 1 => TestLayout.DeniedPage,
            2 or 3 => TestLayout.DeniedPage + TestLayout.PageSize,
            4 => TestLayout.Data,
            5 => TestLayout.DataEnd,
            _ => TestLayout.Data + (ulong)random.Next((int)TestLayout.DataSize),
        };
        ulong address = border + (ulong)random.Next(-72, 24);
        return random.Next(3) switch
        {
            0 => address & ~15ul,
            1 => address & ~3ul,
            _ => address,
        };
    }

    private static uint PickRegister(Random random) => random.Next(5) == 0 ? ZeroRegister : (uint)random.Next(32);

    /// <summary>Picks field bits: all zeros, all ones or anything.</summary>
    private static uint PickWord(Random random) => random.Next(8) switch
    {
        0 => 0,
        1 => uint.MaxValue,
        _ => (uint)random.NextInt64(1L << 32),
    };

    private static ulong PickValue(Random random)
    {
        Span<byte> bytes = stackalloc byte[8];
        random.NextBytes(bytes);
        ulong any = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        return random.Next(8) switch
        {
            0 => 0,
            1 => ulong.MaxValue,
            2 => 1ul << 63,
            3 => 0x8000_0000,
            4 => any & 0xff,
            5 => (ulong)-(long)(any & 0xff),
            _ => any,
        };
    }

    private static uint With(uint word, EncodingRow row, char letter, uint value)
    {
        uint mask = row.FieldMask(letter);
        if (mask == 0)
        {
            return word;
        }

        int shift = int.TrailingZeroCount((int)mask);
        return (word & ~mask) | ((value << shift) & mask);
    }
}
