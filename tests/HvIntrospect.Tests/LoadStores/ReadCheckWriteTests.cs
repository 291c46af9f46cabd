using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using HvIntrospect.A64;
using HvIntrospect.LoadStores;
using HvIntrospect.Registers;
using Xunit;

namespace HvIntrospect.Tests.LoadStores;

/// <summary>RCW* and RCWS*: derived by hand from the manual's rules, and compared with a model that states them one by one. No executor implements the instructions.</summary>
public sealed class ReadCheckWriteTests
{
    private const ulong Start = 0x4000_0000;
    private const ulong Middle = Start + 0x400;
    private const uint Swap = 0x3822_A023; // rcwswp x2, x3, [x1]
    private const uint SoftSwap = 0x7822_A023; // rcwsswp x2, x3, [x1]
    private const uint WideSwap = 0x1923_A022; // rcwswpp x2, x3, [x1]
    private const uint SoftWideSwap = 0x5923_A022; // rcwsswpp x2, x3, [x1]
    private const ulong Tcr2En = 1UL << 14;
    private const ulong Protected = 1UL << 52;
    private const ulong NotGlobal = 1UL << 11;
    private const ulong Software = 1UL << 55;

    private static readonly A64Decoder s_decoder = new(A64Features.All);
    private static readonly EncodingRow[] s_rows =
        [.. EncodingTable.Instance.Rows.Where(static row => row.Section is LoadStoreSection && row.Id.StartsWith("RCW", StringComparison.Ordinal))];

    private readonly FlatMachine _machine = new(Start, new byte[0x1000]);

    public ReadCheckWriteTests()
    {
        Configure(_machine, Tcr2Bits.PnCh, mask: NotGlobal, softMask: Software);
        _machine.X[1] = Middle;
    }

    /// <summary>Every rule for 64-bit descriptors, of RCW* and of RCWS*. PnCH; the descriptor; what it is to become; NZCV of each.</summary>
    [Theory]
    [InlineData(true, 0UL, 0UL, "nzCv", "nzCv")] // no change
    [InlineData(true, 0UL, Protected, "nZCv", "nZCv")] // a Non-protected descriptor must stay so
    [InlineData(false, 0UL, Protected, "nzCv", "nzCv")] // without PnCH the bit has no meaning
    [InlineData(true, 0UL, 1UL, "nzCv", "nzcv")] // RCWS* never makes a Non-protected descriptor valid
    [InlineData(false, 0UL, 1UL, "nzCv", "nzcv")] // nor one without Protection
    [InlineData(true, 1UL, 0UL, "nzCv", "nzcv")] // nor does it invalidate one
    [InlineData(true, 1UL, 0x803UL, "nzCv", "nzcv")] // of a Non-protected one RCW* changes anything, RCWS* what its mask says
    [InlineData(true, 1UL, Software | 1, "nzCv", "nzCv")]
    [InlineData(false, 1UL, Software | 1, "nzCv", "nzCv")]
    [InlineData(false, 1UL, NotGlobal | 1, "nzCv", "nzcv")]
    [InlineData(true, Protected, 0UL, "nZCv", "nZCv")] // a Protected descriptor must stay so
    [InlineData(true, Protected, Protected | 1, "nZCv", "nZCv")] // and stay invalid; that is not RCWS*'s check
    [InlineData(true, Protected | 1, Protected, "nZCv", "nZcv")] // or valid; that is also RCWS*'s
    [InlineData(true, Protected, Protected | 0xFF00, "nzCv", "nzCv")] // masks hold for valid descriptors only
    [InlineData(true, Protected | 1, Protected | NotGlobal | 1, "nzCv", "nzcv")] // RCWMASK_EL1 lets it pass, RCWSMASK_EL1 does not
    [InlineData(true, Protected | 1, Protected | Software | 1, "nZCv", "nZCv")] // the other way round
    [InlineData(true, Protected | 1, Protected | 5, "nZCv", "nZcv")] // neither does
    public void EachCheckSetsItsFlag(bool pnch, ulong old, ulong updated, string hard, string soft)
    {
        Configure(_machine, pnch ? Tcr2Bits.PnCh : Tcr2Bits.None, mask: NotGlobal, softMask: Software);
        foreach ((uint word, string flags) in new[] { (Swap, hard), (SoftSwap, soft) })
        {
            BinaryPrimitives.WriteUInt64LittleEndian(_machine.Memory.AsSpan(0x400), old);
            _machine.Flags = 0xF000_0000;
            _machine.X[2] = updated;
            Completes(word);
            Assert.Equal(flags, Letters(_machine.Flags));
            Assert.Equal((old, flags == "nzCv" ? updated : old), (_machine.X[3], Memory64()));
        }
    }

    /// <summary>The Effective value of each mask bit, 64-bit descriptors: bit 17 stands for 49:18; bit 0 never, bit 52 not of RCWS* with Protection.</summary>
    [Fact]
    public void TheEffectiveMaskOf64Bits()
    {
        for (int bit = 0; bit < 64; bit++)
        {
            int decides = bit is >= 18 and <= 49 ? 17 : bit;
            foreach (bool allows in new[] { false, true })
            {
                ulong mask = allows ? 1UL << decides : ~(1UL << decides);
                foreach (Tcr2Bits controls in new[] { Tcr2Bits.PnCh, Tcr2Bits.None })
                {
                    Configure(_machine, controls, mask, mask);
                    bool protects = controls != Tcr2Bits.None;
                    Assert.Equal(!protects || (allows && bit is not (0 or 52)), (FlagsOf(Swap, Protected | 1, (Protected | 1) ^ (1UL << bit)) & (1u << 30)) == 0);
                    Assert.Equal(allows && bit != 0 && !(protects && bit == 52), (FlagsOf(SoftSwap, Protected | 1, (Protected | 1) ^ (1UL << bit)) & (1u << 29)) != 0);
                }
            }
        }
    }

    /// <summary>The same of 128-bit descriptors: bit 16 stands for 55:17, and more bits are never writable; four and one of them only without FEAT_S1POE and FEAT_MEC.</summary>
    [Theory]
    [InlineData(0UL, new[] { 121, 122, 123, 124, 108 })]
    [InlineData(1UL << 16, new[] { 108 })]
    [InlineData(1UL << 28, new[] { 121, 122, 123, 124 })]
    [InlineData((1UL << 16) | (1UL << 28), new int[0])]
    public void TheEffectiveMaskOf128Bits(ulong features, int[] absent)
    {
        int[] never = [126, 125, 120, 119, 114, 107, 106, 105, 104, 103, 102, 101, .. Enumerable.Range(56, 35), 1, 0, .. absent];
        var valid = new VectorRegister(1, 1UL << 50);
        for (int bit = 0; bit < 128; bit++)
        {
            int decides = bit is >= 17 and <= 55 ? 16 : bit;
            VectorRegister one = Bit(decides);
            foreach (bool allows in new[] { false, true })
            {
                ConfigureWide(_machine, allows ? one : new VectorRegister(~one.Low, ~one.High), features);
                VectorRegister flip = Bit(bit);
                _machine.X[2] = valid.Low ^ flip.Low;
                _machine.X[3] = valid.High ^ flip.High;
                bool passes = allows && !never.Contains(bit);
                Assert.Equal((bit, passes), (bit, (FlagsOf(WideSwap, valid) & (1u << 30)) == 0));
                _machine.X[2] = valid.Low ^ flip.Low;
                _machine.X[3] = valid.High ^ flip.High;
                Assert.Equal((bit, passes), (bit, (FlagsOf(SoftWideSwap, valid) & (1u << 29)) != 0));
            }
        }
    }

    /// <summary>A compare and swap whose comparison fails checks nothing: N is set, Z clear, C set.</summary>
    [Theory]
    [InlineData(0x1922_0823u)] // rcwcas x2, x3, [x1]
    [InlineData(0x5922_0823u)] // rcwscas x2, x3, [x1]
    public void AFailedComparisonSetsN(uint word)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(_machine.Memory.AsSpan(0x400), Protected | 1);
        _machine.X[2] = 7;
        _machine.X[3] = 0;
        Completes(word);
        Assert.Equal("NzCv", Letters(_machine.Flags));
        Assert.Equal((Protected | 1, Protected | 1), (_machine.X[2], Memory64()));
        Completes(word); // now it is equal, and the change is refused
        Assert.Equal(word >> 30 == 0 ? "nZCv" : "nZcv", Letters(_machine.Flags));
        Assert.Equal(Protected | 1, Memory64());
    }

    /// <summary>Which size exists depends on TCR2_EL1.D128, all of which counts as 0 unless HCRX_EL2.TCR2En.</summary>
    [Theory]
    [InlineData(Tcr2En, Tcr2Bits.None, true, false)]
    [InlineData(Tcr2En, Tcr2Bits.D128, false, true)]
    [InlineData(0UL, Tcr2Bits.D128, true, false)]
    public void OneOfTheTwoSizesIsUndefined(ulong hcrx, Tcr2Bits tcr2, bool narrow, bool wide)
    {
        ConfigureWide(_machine, default, 0);
        _machine.SystemRegisters[SystemRegister.HcrxEl2] = hcrx;
        _machine.SystemRegisters[SystemRegister.Tcr2El1] = (ulong)tcr2;
        _machine.SystemRegisters[SystemRegister.RcwmaskEl1] = 0;
        _machine.Sp = Middle + 8;
        _machine.Sctlr = new Sctlr((ulong)SctlrBits.Sa);
        foreach ((uint word, bool exists) in new[] { (Swap, narrow), (WideSwap, wide) })
        {
            EmulationResult result = Perform(word);
            Assert.Equal(exists ? (EmulationOutcome.Completed, default) : (EmulationOutcome.GuestFault, GuestFaultKind.Undefined), (result.Outcome, result.Fault));

            // UNDEFINED comes before the check of the stack pointer.
            Assert.Equal(exists ? GuestFaultKind.StackAlignment : GuestFaultKind.Undefined, Perform(word | (31u << 5)).Fault);
        }
    }

    /// <summary>PnCH of a TCR2_EL1 that EL2 keeps from the guest protects nothing.</summary>
    [Fact]
    public void ControlsCountAsZeroUnlessEl2GivesThem()
    {
        _machine.SystemRegisters[SystemRegister.HcrxEl2] = 0;
        Assert.Equal("nzCv", Letters(FlagsOf(Swap, Protected | 1, 0)));
    }

    /// <summary>What a check looks at must be readable; what none looks at need not be.</summary>
    [Fact]
    public void ARegisterThatCannotBeReadIsNamed()
    {
        var bare = new FlatMachine(Start, new byte[0x1000]);
        bare.X[1] = Middle;
        Assert.Equal("Unsupported (SystemRegister HCRX_EL2)", Perform(Swap, bare).ToString());
        bare.SystemRegisters[SystemRegister.HcrxEl2] = Tcr2En;
        Assert.Equal("Unsupported (SystemRegister TCR2_EL1)", Perform(Swap, bare).ToString());
        bare.SystemRegisters[SystemRegister.Tcr2El1] = 0;
        Assert.Equal(EmulationOutcome.Completed, Perform(Swap, bare).Outcome);
        Assert.Equal("Unsupported (SystemRegister RCWSMASK_EL1)", Perform(SoftSwap, bare).ToString());
        bare.SystemRegisters[SystemRegister.Tcr2El1] = (ulong)Tcr2Bits.PnCh;
        Assert.Equal("Unsupported (SystemRegister RCWMASK_EL1)", Perform(Swap, bare).ToString());

        bare.SystemRegisters[SystemRegister.Tcr2El1] = (ulong)Tcr2Bits.D128;
        Assert.Equal("Unsupported (SystemRegister ID_AA64MMFR3_EL1)", Perform(WideSwap, bare).ToString());
        bare.SystemRegisters[SystemRegister.IdAa64Mmfr3El1] = 0;
        bare.SystemRegisters[SystemRegister.RcwmaskEl1] = 0; // half of it
        Assert.Equal("Unsupported (SystemRegister RCWMASK_EL1)", Perform(WideSwap, bare).ToString());
        bare.WideSystemRegisters[SystemRegister.RcwmaskEl1] = default;
        Assert.Equal(EmulationOutcome.Completed, Perform(WideSwap, bare).Outcome);
        bare.Sctlr = new Sctlr((ulong)SctlrBits.M);
        Assert.Equal(UnsupportedReason.WideDescriptors, Perform(WideSwap, bare).Reason);
        Assert.Equal(["R8 40000400", "M8 40000400", "R8 40000400", "R8 40000408", "M16 40000400"], bare.Log);
    }

    /// <summary>FEAT_LSE2 relaxes the alignment of other atomics, not of these.</summary>
    [Theory]
    [InlineData(Swap, 4, false)]
    [InlineData(WideSwap, 8, true)]
    public void AnUnalignedOneFaults(uint word, int offset, bool isWide)
    {
        if (isWide)
        {
            ConfigureWide(_machine, default, 0);
        }

        _machine.HasUnalignedAtomics = true;
        _machine.X[1] = Middle + (ulong)offset;
        EmulationResult result = Perform(word);
        Assert.Equal((EmulationOutcome.GuestFault, FaultKind.Alignment, false), (result.Outcome, result.Status.Kind, result.IsWrite));
        Assert.Equal(_machine.X[1], result.Address.Value);
        Assert.Empty(_machine.Log);
    }

    /// <summary>All 64 encodings, any registers and byte order, against the model.</summary>
    [Fact]
    public void EveryEncodingDoesWhatTheRulesSay()
    {
        Assert.Equal(64, s_rows.Length);
        HashSet<string> seen = [];
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed => CheckRandom(seed, seen)).Check(Config.QuickThrowOnFailure.WithMaxTest(6000));

        // Both outcomes of both checks, and a failed comparison: the data are not so random that nothing ever passes.
        Assert.Superset(new HashSet<string> { "nzCv", "nZCv", "nzcv", "nZcv", "NzCv" }, seen);
    }

    private static void CheckRandom(int seed, HashSet<string> seen)
    {
        var random = new Random(seed);
        EncodingRow row = s_rows[random.Next(s_rows.Length)];
        uint free = ~row.Mask;
        uint word = row.Value | ((uint)random.NextInt64() & free);
        LoadStoreStatus status = s_decoder.DecodeLoadStore(word, out LoadStoreAccess access);
        if (status != LoadStoreStatus.Valid || (access.Rn != 31 && (access.Rn == access.Rs || access.Rn == access.Rt || access.Rn == access.Rt2 || access.Rn == access.Rs2)))
        {
            // CONSTRAINED UNPREDICTABLE cases, and data that would be the address.
            return;
        }

        int bits = access.TotalSize * 8;
        bool isWide = bits == 128;
        bool isBigEndian = random.Next(2) == 0;
        bool protects = isWide || random.Next(2) == 0;
        BigInteger mask = Sparse(random, 128);
        BigInteger softMask = Sparse(random, 128);
        ulong features = (random.Next(2) == 0 ? 0 : 1UL << 16) | (random.Next(2) == 0 ? 0 : 1UL << 28);
        var machine = new FlatMachine(Start, new byte[0x1000]) { Sctlr = new Sctlr(isBigEndian ? (ulong)SctlrBits.Ee : 0), Flags = (uint)random.Next(16) << 28 };
        machine.SystemRegisters[SystemRegister.HcrxEl2] = Tcr2En;
        machine.SystemRegisters[SystemRegister.Tcr2El1] = (ulong)((isWide ? Tcr2Bits.D128 : Tcr2Bits.None) | (protects ? Tcr2Bits.PnCh : Tcr2Bits.None));
        machine.SystemRegisters[SystemRegister.IdAa64Mmfr3El1] = features;
        machine.SystemRegisters[SystemRegister.RcwmaskEl1] = Low(mask);
        machine.SystemRegisters[SystemRegister.RcwsmaskEl1] = Low(softMask);
        machine.WideSystemRegisters[SystemRegister.RcwmaskEl1] = new VectorRegister(Low(mask), Low(mask >> 64));
        machine.WideSystemRegisters[SystemRegister.RcwsmaskEl1] = new VectorRegister(Low(softMask), Low(softMask >> 64));
        BigInteger old = Sparse(random, bits);
        for (int i = 0; i < 31; i++)
        {
            // Close to what is there, so that checks pass and comparisons match now and then.
            ulong near = random.Next(2) == 0 ? Low(old) : Low(old >> 64);
            machine.X[i] = random.Next(4) == 0 ? Low(Sparse(random, 64)) : near ^ (random.Next(2) == 0 ? 0 : 1UL << random.Next(64));
        }

        machine.Sp = Middle;
        if (access.Rn != 31)
        {
            machine.X[access.Rn] = Middle;
        }

        byte[] image = Bytes(old, bits, isBigEndian);
        image.CopyTo(machine.Memory, 0x400);

        // Pairs: the first register is the half at the lower address, which of a big-endian number is the upper one.
        BigInteger Pair(int first, int second) => !isWide ? Register(first)
            : isBigEndian ? (Register(first) << 64) | Register(second)
            : (Register(second) << 64) | Register(first);
        BigInteger Register(int index) => index == 31 ? 0 : machine.X[index];
        BigInteger transfer = Pair(access.Rt, access.Rt2);
        BigInteger source = Pair(access.Rs, access.Rs2);
        bool isCompare = access.Operation == LoadStoreOperation.CompareAndSwap;
        BigInteger operand = isCompare || isWide ? transfer : source;
        BigInteger all = (BigInteger.One << bits) - 1;
        BigInteger updated = access.Operation switch
        {
            LoadStoreOperation.Clear => old & (all ^ operand),
            LoadStoreOperation.Set => old | operand,
            _ => operand,
        };
        string expected = isCompare && old != source
            ? "NzCv"
            : new DescriptorModel
            {
                Bits = bits,
                IsProtectionEnabled = protects,
                RcwMask = mask,
                RcwsMask = softMask,
                Absent = !isWide ? [] : [.. (features & (1UL << 16)) == 0 ? new[] { 121, 122, 123, 124 } : [], .. (features & (1UL << 28)) == 0 ? new[] { 108 } : []],
            }.Flags(old, updated, row.Id.StartsWith("RCWS", StringComparison.Ordinal) && row.Id[4] is 'C' or 'S');
        BigInteger written = expected == "nzCv" ? updated : old;
        ulong[] before = [.. machine.X];

        var bus = new FlatBus(machine);
        EmulationResult result = LoadStoreSemantics.Perform(access, ref bus);
        Assert.Equal(EmulationOutcome.Completed, result.Outcome);
        Assert.Equal((row.Id, expected), (row.Id, Letters(machine.Flags)));
        Assert.Equal(Bytes(written, bits, isBigEndian), machine.Memory.AsSpan(0x400, bits / 8).ToArray());

        int receives = isCompare ? access.Rs : access.Rt;
        int receivesSecond = isCompare ? access.Rs2 : access.Rt2;
        for (int i = 0; i < 31; i++)
        {
            ulong value = i == receives ? Low(isWide && isBigEndian ? old >> 64 : old)
                : isWide && i == receivesSecond ? Low(isBigEndian ? old : old >> 64)
                : before[i];
            Assert.Equal((i, value), (i, machine.X[i]));
        }

        seen.Add(expected);
    }

    private static BigInteger Sparse(Random random, int bits)
    {
        Span<byte> bytes = stackalloc byte[16];
        random.NextBytes(bytes);
        var value = new BigInteger(bytes, isUnsigned: true);
        random.NextBytes(bytes);
        var other = new BigInteger(bytes, isUnsigned: true);
        BigInteger all = (BigInteger.One << bits) - 1;
        return (random.Next(3) switch { 0 => value & other, 1 => value | other, _ => value }) & all;
    }

    private static byte[] Bytes(BigInteger value, int bits, bool isBigEndian)
    {
        var bytes = new byte[bits / 8];
        value.TryWriteBytes(bytes, out _, isUnsigned: true);
        if (isBigEndian)
        {
            Array.Reverse(bytes);
        }

        return bytes;
    }

    private static ulong Low(BigInteger value) => (ulong)(value & ulong.MaxValue);

    private static VectorRegister Bit(int bit) => bit < 64 ? new VectorRegister(1UL << bit, 0) : new VectorRegister(0, 1UL << (bit - 64));

    private static void Configure(FlatMachine machine, Tcr2Bits controls, ulong mask, ulong softMask)
    {
        machine.SystemRegisters[SystemRegister.HcrxEl2] = Tcr2En;
        machine.SystemRegisters[SystemRegister.Tcr2El1] = (ulong)controls;
        machine.SystemRegisters[SystemRegister.RcwmaskEl1] = mask;
        machine.SystemRegisters[SystemRegister.RcwsmaskEl1] = softMask;
    }

    private static void ConfigureWide(FlatMachine machine, VectorRegister mask, ulong features)
    {
        machine.SystemRegisters[SystemRegister.HcrxEl2] = Tcr2En;
        machine.SystemRegisters[SystemRegister.Tcr2El1] = (ulong)Tcr2Bits.D128;
        machine.SystemRegisters[SystemRegister.IdAa64Mmfr3El1] = features;
        machine.WideSystemRegisters[SystemRegister.RcwmaskEl1] = mask;
        machine.WideSystemRegisters[SystemRegister.RcwsmaskEl1] = mask;
    }

    private static string Letters(uint flags) =>
        new([.. "NZCV".Select((letter, i) => (flags & (1u << (31 - i))) != 0 ? letter : char.ToLowerInvariant(letter))]);

    private static EmulationResult Perform(uint word, FlatMachine machine)
    {
        s_decoder.DecodeLoadStore(word, out LoadStoreAccess access);
        var bus = new FlatBus(machine);
        return LoadStoreSemantics.Perform(access, ref bus);
    }

    private EmulationResult Perform(uint word) => Perform(word, _machine);

    private void Completes(uint word) => Assert.Equal(EmulationOutcome.Completed, Perform(word).Outcome);

    private uint FlagsOf(uint word, ulong old, ulong updated)
    {
        _machine.X[2] = updated;
        return FlagsOf(word, new VectorRegister(old, 0));
    }

    private uint FlagsOf(uint word, VectorRegister old)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(_machine.Memory.AsSpan(0x400), old.Low);
        BinaryPrimitives.WriteUInt64LittleEndian(_machine.Memory.AsSpan(0x408), old.High);
        Completes(word);
        return _machine.Flags;
    }

    private ulong Memory64() => BinaryPrimitives.ReadUInt64LittleEndian(_machine.Memory.AsSpan(0x400));
}
