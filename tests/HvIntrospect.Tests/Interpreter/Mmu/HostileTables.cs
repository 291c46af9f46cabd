using System;
using System.Buffers.Binary;
using HvIntrospect.Registers;
using HvIntrospect.Translation;

namespace HvIntrospect.Tests.Interpreter.Mmu;

/// <summary>Random controls over a bank of random descriptors that serve as tables of both stages and of every level: most walks go deep, and nothing keeps them sane.</summary>
internal sealed unsafe class HostileTables
{
    public const ulong Bank = TranslationWorld.RamBase;
    private const int BankSize = 1 << 18;
    private const ulong Af = 1UL << 10;
    private const int TbidShift = 51;
    private const TranslationFeatures AllFeatures = (TranslationFeatures)((int)TranslationFeatures.BBML1 - 1);
    private static readonly int[] s_sizes = [32, 36, 40, 42, 44, 48, 52, 52, 52];
    private readonly Random _random;
    private readonly bool _isLarge;

    public HostileTables(int seed)
    {
        _random = new Random(seed);
        AddressBits = s_sizes[_random.Next(s_sizes.Length)];
        Features = (TranslationFeatures)_random.Next((int)AllFeatures + 1);
        _isLarge = (Features & TranslationFeatures.LPA2) != 0 && Chance(70);
        World = new TranslationWorld(A64Features.Armv8_0, AddressBits, Features);
        byte[] bytes = new byte[BankSize];
        for (int i = 0; i < BankSize; i += 8)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(i), Descriptor());
        }

        World.Memory.Write(new Pa(Bank), bytes);
        SetControls();
    }

    public TranslationWorld World { get; }

    public int AddressBits { get; }

    public TranslationFeatures Features { get; }

    /// <summary>Gets an address: mostly one that the tables are meant for.</summary>
    public ulong Address()
    {
        var tcr = new Tcr(World.Cpu->System.TcrEl1);
        bool upper = _random.Next(3) == 0;
        int bits = 64 - Math.Clamp(upper ? tcr.T1sz : tcr.T0sz, 12, 48);
        ulong va = Bits() & ((1UL << bits) - 1);
        va = upper ? va | (ulong.MaxValue << bits) : va;
        return _random.Next(30) switch
        {
            0 => Bits(),
            1 => va ^ (1UL << (_random.Next(64))),
            2 => va ^ ((ulong)_random.Next(256) << 56),
            _ => va,
        };
    }

    public bool Chance(int percent) => _random.Next(100) < percent;

    public int Next(int count) => _random.Next(count);

    private ulong Bits() => (ulong)_random.NextInt64() ^ ((ulong)_random.NextInt64() << 32);

    private ulong Place() => Bank | ((ulong)_random.Next(BankSize >> 12) << 12);

    private ulong Descriptor()
    {
        // Without the Contiguous bit: what it binds and what differs is CONSTRAINED UNPREDICTABLE.
        const ulong Attributes = (0x7FFUL << 53) | (1UL << 51) | 0xFFC;
        ulong address = Chance(4) ? Bits() & 0x0000_FFFF_FFFF_F000 : Place();
        ulong type = _random.Next(20) switch
        {
            0 => 0UL,
            1 => 2,
            2 or 3 => 1,
            _ => 3,
        };

        // Where folded address bits lie, mostly none, so that walks stay in the bank.
        address &= AddressBits == 52 && Chance(85) ? ~0xF000UL : ulong.MaxValue;
        ulong folded = _isLarge && Chance(85) ? 3UL << 8 : 0;

        // The hierarchical bits of tables and the permissions of leaves are mostly such that something is left.
        ulong attributes = Bits() & Attributes & ~folded & (Chance(70) ? ~(0xFUL << 59) : ulong.MaxValue);
        return address | attributes | type | (Chance(90) ? Af : 0) | (Chance(60) ? 0xC0UL : 0);
    }

    private void SetControls()
    {
        bool isStage2On = Chance(60);
        ulong hcr = (1UL << 31) | (isStage2On ? 1UL : 0) | (Chance(10) ? (ulong)HcrBits.Ptw : 0) | (Chance(4) ? (ulong)HcrBits.Dc : 0)
            | (Chance(50) ? (ulong)HcrBits.Fwb : 0);
        ulong sctlr = (Chance(92) ? 1UL : 0) | (Chance(30) ? (ulong)SctlrBits.Wxn : 0) | (Chance(40) ? (ulong)SctlrBits.Epan : 0)
            | (Chance(3) ? (ulong)SctlrBits.Ee : 0) | (Chance(50) ? (ulong)SctlrBits.I : 0);

        // TBID has no meaning for a software walk: what it fetches at comes from PC, which a branch has stripped.
        ulong tcr = Bits() & ~(0x3FUL | (0x3FUL << 16) | (3UL << TbidShift));
        tcr &= Chance(95) ? ~(ulong)(TcrBits.Epd0 | TcrBits.Epd1) : ulong.MaxValue;
        tcr |= (uint)Size() | ((ulong)(uint)Size() << 16);
        tcr = new Tcr(tcr).With(TcrBits.Ds, _isLarge).Value;
        tcr = Chance(70) ? (tcr & ~(7UL << 32)) | (5UL << 32) : tcr;
        World.SetRegister("HCR_EL2", hcr);
        World.SetRegister("SCTLR_EL1", sctlr);
        World.SetRegister("TCR_EL1", tcr);
        World.SetRegister("TTBR0_EL1", Root());
        World.SetRegister("TTBR1_EL1", Root());
        World.SetRegister("MAIR_EL1", Bits());
        int granule = _random.Next(3);
        int inputBits = Chance(95) ? _random.Next((Features & TranslationFeatures.TTST) != 0 ? 16 : 25, AddressBits + 1) : 64 - _random.Next(64);
        ulong vtcr = (Bits() & (0xFUL << 20)) | (_isLarge ? 1UL << 32 : 0) | (Chance(30) ? 1UL << 33 : 0) | ((ulong)granule << 14) | ((ulong)_random.Next(8) << 16)
            | ((ulong)StartLevel() << 6) | ((uint)(64 - inputBits) & 0x3F);
        vtcr = Chance(70) ? (vtcr & ~(7UL << 16)) | (5UL << 16) : vtcr;
        World.SetRegister("VTCR_EL2", vtcr);
        World.SetRegister("VTTBR_EL2", Root());

        int Size() => Chance(96) ? _random.Next(_isLarge || AddressBits == 52 ? 12 : 16, (Features & TranslationFeatures.TTST) != 0 ? 49 : 40) : _random.Next(64);

        // SL0 that suits the size, mostly: TG0 is 0 for 4 KB, 1 for 64 KB, 2 for 16 KB.
        int StartLevel() => (granule, inputBits) switch
        {
            _ when Chance(8) => _random.Next(4),
            (0, <= 21) or (2, >= 50) => 3,
            (0, >= 49) when Chance(50) => 0,
            (0, <= 34) or (2, <= 28) or (1, <= 32) => 0,
            (0, <= 43) or (2, <= 39) or (1, <= 45) => 1,
            _ => 2,
        };
        ulong Root() => (Bits() & (0xFFFFUL << 48)) | Place() | (AddressBits == 52 && Chance(90) ? 0 : Bits() & 0xFFE);
    }
}
