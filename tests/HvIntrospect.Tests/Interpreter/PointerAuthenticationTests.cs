using System;
using System.Linq;
using HvIntrospect.A64;
using HvIntrospect.Interpreter;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.Operations.PointerAuthentication;
using HvIntrospect.Interpreter.State;
using HvIntrospect.Introspection;
using HvIntrospect.Peers;
using HvIntrospect.Registers;
using HvIntrospect.Tests.Support;
using HvIntrospect.Watchpoints;
using Xunit;

namespace HvIntrospect.Tests.Interpreter;

/// <summary>Pointer authentication: the codes against an executor that shares no code, and the controls and exceptions as the architecture states them.</summary>
public sealed unsafe class PointerAuthenticationTests
{
    private const uint PaciaX2X3 = 0xDAC1_0062;
    private const uint AutiaX2X3 = 0xDAC1_1062;
    private const uint AutdbX2X3 = 0xDAC1_1C62;
    private const uint PacgaX4X2X3 = 0x9AC3_3044;
    private const uint XpacdX2 = 0xDAC1_47E2;
    private const uint BraaX2X3 = 0xD71F_0843;
    private const uint Paciasp = 0xD503_233F;
    private const uint LdraaX4X2 = 0xF820_1444; // ldraa x4, [x2, #8]
    private const uint Eretaa = 0xD69F_0BFF;
    private const uint PacdzaX2 = 0xDAC1_2BE2;
    private const uint MrsX4ApiaKeyLo = 0xD538_2104;
    private const uint MsrApgaKeyHiX4 = 0xD518_2324;
    private const int Hvc = 0x42;
    private const ulong Pointer = 0x0000_0000_4002_0000;
    private const ulong EnableBits = (ulong)(SctlrBits.EnIa | SctlrBits.EnIb | SctlrBits.EnDa | SctlrBits.EnDb);
    private static readonly bool s_isLong = Environment.GetEnvironmentVariable("HVINTROSPECT_LONG") == "1";

    /// <summary>Gets the loads that authenticate their base.</summary>
    internal static EncodingRow[] LoadRows { get; } = [.. EncodingTable.Instance.Rows.Where(static row => row.Id.EndsWith("_ldst_pac", StringComparison.Ordinal))];

    private static readonly EncodingRow[] s_rows = [.. EncodingTable.Instance.Rows.Where(WordOracles.IsPointerAuthentication)];

    [UnicornFact]
    public void CodesAgreeForEveryKeyModifierSizeAndTag()
    {
        Assert.Equal(18 + 1 + 10 + 13, s_rows.Length);
        int rounds = s_isLong ? 4000 : 40;
        int good = 0;
        for (int seed = 0; seed < rounds; seed++)
        {
            var random = new Random(seed);
            using var peer = new UnicornPeer();
            using var scratch = new ScratchProcessor(threaded: (seed & 1) == 0, A64Features.PAuth);
            CpuState* cpu = scratch.State;
            SetControls(cpu, peer, random);
            for (int i = 0; i < 2 * s_rows.Length; i++)
            {
                EncodingRow row = s_rows[i % s_rows.Length];
                uint word = WordCases.MakeWord(row, random);
                bool isBranch = row.StepClass == StepClass.Branch;
                if (isBranch && row.Field(word, 'n') is 31 || (row.FieldMask('m') != 0 && row.Field(word, 'n') == row.Field(word, 'm')))
                {
                    continue;
                }

                for (int x = 0; x < 31; x++)
                {
                    cpu->X[x] = isBranch ? ScratchProcessor.CodeVa + (ulong)random.Next(4, 1000) * 4 : MakePointer(cpu, random);
                }

                cpu->Sp = MakePointer(cpu, random) & ~15UL;
                if (isBranch || (row.Id.StartsWith("AUT", StringComparison.Ordinal) && random.Next(4) != 0))
                {
                    // Mostly pointers that carry the right code. The other executor fetches what a branch leads to.
                    Sign(cpu, word);
                    good++;
                }

                AssertSame(scratch, peer, word, $"seed {seed} {row.Id} {word:x8}");
            }
        }

        Assert.True(good > rounds * 20);
    }

    /// <summary>LDRAA and LDRAB load through a pointer with the code of their key, with and without writeback, and through a plain one where the key is not enabled.</summary>
    [UnicornFact]
    public void AuthenticatedLoadsAgree()
    {
        const ulong Middle = ScratchProcessor.DataVa + 0x1000;
        int signed = 0;
        for (int seed = 0; seed < (s_isLong ? 4000 : 40); seed++)
        {
            var random = new Random(seed);
            using var peer = new UnicornPeer();
            using var scratch = new ScratchProcessor(threaded: (seed & 1) == 0, A64Features.PAuth);
            CpuState* cpu = scratch.State;
            SetControls(cpu, peer, random);
            uint[] data = [.. Enumerable.Range(0, 0x800).Select(_ => (uint)random.NextInt64(1L << 32))];
            peer.Map(ScratchProcessor.DataVa, data);
            scratch.WriteWords(ScratchProcessor.DataVa, data);
            for (int i = 0; i < 10 * LoadRows.Length; i++)
            {
                EncodingRow row = LoadRows[i % LoadRows.Length];
                uint word = WordCases.MakeWord(row, random);
                uint registers = word & 0x3FF;
                uint n = registers >> 5;
                if (n == 31 || (row.Id.EndsWith("w_ldst_pac", StringComparison.Ordinal) && n == (registers & 31)))
                {
                    // What a load of its own base leaves there is CONSTRAINED UNPREDICTABLE.
                    continue;
                }

                for (int x = 0; x < 31; x++)
                {
                    cpu->X[x] = Middle;
                }

                // Unicorn 2.0.1 takes SP for the modifier, where the architecture has 0.
                cpu->Sp = 0;
                bool isB = row.Id.StartsWith("LDRAB", StringComparison.Ordinal);
                if ((cpu->System.SctlrEl1 & (ulong)(isB ? SctlrBits.EnDb : SctlrBits.EnDa)) != 0)
                {
                    PointerCodes.Add(cpu, isB ? PointerKey.DataB : PointerKey.DataA, 0, ref cpu->X[n]);
                    signed++;
                }

                AssertSame(scratch, peer, word, $"seed {seed} {row.Id} {word:x8}");
            }
        }

        Assert.True(signed > 1000);
    }

    [Fact]
    public void ACodeIsOfNoUseWithAnotherModifierOrKey()
    {
        using GuestProgram program = Make(PointerAuthenticationLevel.Basic, PaciaX2X3, AutiaX2X3, PaciaX2X3, AutdbX2X3, GuestProgram.Hvc42);
        program.Vcpu.ModifyCore()[2] = Pointer;
        program.Vcpu.ModifyCore()[3] = 7;
        Assert.Equal(Hvc, program.RunToCall());

        // Key B's error code is 10 in bits 62:61.
        Assert.Equal(Pointer | (2UL << 61), program.Vcpu.Core[2]);
    }

    /// <summary>The architecture spoils the code of a pointer that is not canonical, in the way of the level.</summary>
    [Theory]
    [InlineData(PointerAuthenticationLevel.Basic)]
    [InlineData(PointerAuthenticationLevel.Enhanced)]
    [InlineData(PointerAuthenticationLevel.Combined)]
    public void APointerThatIsNotCanonicalGetsNoGoodCode(PointerAuthenticationLevel level)
    {
        const ulong Bad = Pointer | (1UL << 60);
        const ulong CodeBits = 0xFF7F_0000_0000_0000;
        ulong good = Run(Pointer);
        ulong expected = level switch
        {
            PointerAuthenticationLevel.Basic => good ^ (1UL << 62),
            PointerAuthenticationLevel.Enhanced => Pointer,
            _ => good ^ (1UL << 60),
        };
        Assert.NotEqual(0UL, good & CodeBits);
        Assert.Equal(expected, Run(Bad));

        ulong Run(ulong pointer)
        {
            using GuestProgram program = Make(level, PaciaX2X3, GuestProgram.Hvc42);
            program.Vcpu.ModifyCore()[2] = pointer;
            Assert.Equal(Hvc, program.RunToCall());
            return program.Vcpu.Core[2];
        }
    }

    /// <summary>With FEAT_PAuth2 the code is combined with the bits that it replaces, so that authenticating twice gives back what was there.</summary>
    [Fact]
    public void AWrongCodeIsCombinedFromTheThirdLevelOn()
    {
        using GuestProgram program = Make(PointerAuthenticationLevel.Combined, AutiaX2X3, AutiaX2X3, GuestProgram.Hvc42);
        program.Vcpu.ModifyCore()[2] = Pointer;
        Assert.Equal(Hvc, program.RunToCall());
        Assert.Equal(Pointer, program.Vcpu.Core[2]);
    }

    [Theory]
    [InlineData(PointerAuthenticationLevel.Combined, AutiaX2X3, -1)]
    [InlineData(PointerAuthenticationLevel.Faulting, AutiaX2X3, 0)]
    [InlineData(PointerAuthenticationLevel.Faulting, AutdbX2X3, 3)]
    [InlineData(PointerAuthenticationLevel.FaultingCombined, BraaX2X3, 0)]
    [InlineData(PointerAuthenticationLevel.FaultingCombined, LdraaX4X2, 2)]
    [InlineData(PointerAuthenticationLevel.FaultingCombined, Eretaa, 0)]
    public void AWrongCodeIsAnExceptionWhereTheLevelSaysSo(PointerAuthenticationLevel level, uint word, int syndrome)
    {
        using GuestProgram program = Make(level, word, GuestProgram.Hvc42);
        program.Vcpu.ModifyCore()[2] = Pointer;
        program.Vcpu.ModifyException().ElrEl1 = Pointer;
        int call = program.RunToCall();
        Assert.Equal(syndrome < 0 ? Hvc : 0x104, call);
        if (syndrome >= 0)
        {
            Assert.Equal(0x7200_0000UL | (uint)syndrome, program.Vcpu.Exception.EsrEl1.Value);
            Assert.Equal(GuestProgram.Code, program.Vcpu.Exception.ElrEl1);
            Assert.Equal(Pointer, program.Vcpu.Core[2]);
        }
    }

    /// <summary>Below the last level, an instruction that authenticates and uses a pointer faults by using it.</summary>
    [Theory]
    [InlineData(BraaX2X3, 0x8600_0004U)]
    [InlineData(LdraaX4X2, 0x9600_0004U)]
    public void ACombinedInstructionUsesTheSpoiltPointer(uint word, uint esr)
    {
        using GuestProgram program = Make(PointerAuthenticationLevel.Faulting, word);
        MapIdentity(program);
        program.Vcpu.ModifyCore()[2] = Pointer;
        Assert.Equal(0x104, program.RunToCall());
        Assert.Equal(esr, program.Vcpu.Exception.EsrEl1.Value);
        Assert.NotEqual(Pointer, program.Vcpu.Exception.FarEl1);
        Assert.Equal(Pointer >> 12, (program.Vcpu.Exception.FarEl1 & 0x0080_FFFF_FFFF_FFFF) >> 12);
    }

    [Theory]
    [InlineData(PaciaX2X3, true)]
    [InlineData(AutiaX2X3, true)]
    [InlineData(Paciasp, true)]
    [InlineData(PacgaX4X2X3, true)]
    [InlineData(BraaX2X3, true)]
    [InlineData(LdraaX4X2, true)]
    [InlineData(Eretaa, true)]
    [InlineData(XpacdX2, false)]
    public void El2TrapsInstructionsThatUseAKey(uint word, bool isTrapped)
    {
        using GuestProgram program = Make(PointerAuthenticationLevel.Basic, word, GuestProgram.Hvc42);
        program.El2.WriteSystemRegister(SystemRegister.HcrEl2, program.El2.ReadSystemRegister(SystemRegister.HcrEl2) & ~(ulong)HcrBits.Api);
        VcpuExit exit = program.Run();
        Assert.Equal(isTrapped ? 0x2600_0000UL : 0x5A00_0042UL, exit.Esr.Value);
        Assert.Equal(GuestProgram.Code + (isTrapped ? 0UL : 8), program.Vcpu.Core.Pc.Value);
    }

    [Fact]
    public void AKeyThatIsNotEnabledDoesNothingAndTrapsNowhere()
    {
        using GuestProgram program = Make(PointerAuthenticationLevel.FaultingCombined, PaciaX2X3, AutiaX2X3, Paciasp, GuestProgram.Hvc42);
        program.Vcpu.ModifyTranslation().SctlrEl1 &= ~EnableBits;
        program.El2.WriteSystemRegister(SystemRegister.HcrEl2, program.El2.ReadSystemRegister(SystemRegister.HcrEl2) & ~(ulong)HcrBits.Api);
        program.Vcpu.ModifyCore()[2] = ulong.MaxValue / 3;
        Assert.Equal(Hvc, program.RunToCall());
        Assert.Equal(ulong.MaxValue / 3, program.Vcpu.Core[2]);
    }

    [Theory]
    [InlineData(MrsX4ApiaKeyLo, true)]
    [InlineData(MsrApgaKeyHiX4, false)]
    public void El2TrapsTheKeyRegisters(uint word, bool isRead)
    {
        using GuestProgram program = Make(PointerAuthenticationLevel.Basic, word, word, GuestProgram.Hvc42);
        Assert.Equal(VcpuExitKind.Canceled, program.Machine.Run(program.Vcpu, 1).Kind);
        program.El2.WriteSystemRegister(SystemRegister.HcrEl2, program.El2.ReadSystemRegister(SystemRegister.HcrEl2) & ~(ulong)HcrBits.Apk);
        Assert.True(program.Run().Esr.TryGetSystemRegister(out SystemRegisterSyndrome syndrome));
        Assert.Equal(isRead, syndrome.IsRead);
        Assert.Equal(isRead ? SystemRegister.ApiaKeyLoEl1 : SystemRegister.ApgaKeyHiEl1, syndrome.Register);
    }

    [Fact]
    public void WithoutTheFeatureHintsDoNothingAndTheRestIsUndefined()
    {
        using var program = new GuestProgram(Paciasp, PaciaX2X3);
        program.Vcpu.ModifyCore()[30] = Pointer;
        Assert.Equal(0x104, program.RunToCall());
        Assert.Equal(Pointer, program.Vcpu.Core[30]);
        Assert.Equal(GuestProgram.Code + 4, program.Vcpu.Exception.ElrEl1);
        Assert.Throws<ArgumentException>(() => program.El2.ReadSystemRegister(SystemRegister.ApiaKeyLoEl1));
        Assert.False(program.Vcpu.TryGetCapability(out IPointerAuthentication? _));
    }

    /// <summary>A trapped LDRAA is performed by the library with the guest's keys.</summary>
    [Fact]
    public void TheLibraryPerformsALoadWithTheGuestsKeys()
    {
        using GuestProgram program = Make(PointerAuthenticationLevel.Basic, PacdzaX2, LdraaX4X2, GuestProgram.Hvc42);
        using var introspector = new Introspector(program.Machine, new IntrospectorOptions { UseInlineFilter = false });
        int seen = 0;
        using Watch watch = introspector.AddWatch(new IpaRange(new Ipa(GuestProgram.Data), 64), WatchKinds.Read, (in WatchEvent _) =>
        {
            seen++;
            return WatchResponse.Continue;
        });
        program.Write(GuestProgram.Data, 0x1234_5678, 0x9ABC_DEF0);
        program.Vcpu.ModifyCore()[2] = GuestProgram.Data - 8;
        VcpuExit exit = program.Run();
        Assert.Equal(VcpuActionKind.Resume, introspector.Handle(program.Vcpu, exit).Kind);
        Assert.Equal(Hvc, program.RunToCall());
        Assert.Equal(1, seen);
        Assert.Equal(0x9ABC_DEF0_1234_5678, program.Vcpu.Core[4]);
        Assert.NotEqual(GuestProgram.Data - 8, program.Vcpu.Core[2]);
    }

    private static GuestProgram Make(PointerAuthenticationLevel level, params uint[] words)
    {
        var program = new GuestProgram(new MachineOptions { Features = A64Features.PAuth, PointerAuthentication = level }, words);
        program.Vcpu.ModifyTranslation().SctlrEl1 |= EnableBits;
        program.Vcpu.ModifyTranslation().TcrEl1 = 16 | (16UL << 16);
        program.El2.WriteSystemRegister(SystemRegister.ApiaKeyLoEl1, 0x1111_2222_3333_4444);
        program.El2.WriteSystemRegister(SystemRegister.ApiaKeyHiEl1, 0x5555_6666_7777_8888);
        program.El2.WriteSystemRegister(SystemRegister.ApdbKeyLoEl1, 0x9999_AAAA_BBBB_CCCC);
        return program;
    }

    private static void SetControls(CpuState* cpu, UnicornPeer peer, Random random)
    {
        cpu->System.HcrEl2 |= (ulong)(HcrBits.Api | HcrBits.Apk);
        for (int i = 0; i < SystemState.PointerKeyRegisters.Count; i++)
        {
            cpu->System.PointerKeys[i] = Word(random);
            peer.Set(s_keys[i], cpu->System.PointerKeys[i]);
        }

        ulong tcr = (uint)random.Next(16, 33) | ((ulong)(uint)random.Next(16, 40) << 16) | (2UL << 30);
        tcr |= Word(random) & (ulong)(TcrBits.Tbi0 | TcrBits.Tbi1 | TcrBits.Tbid0 | TcrBits.Tbid1);
        cpu->System.TcrEl1 = tcr;
        peer.Set(SystemRegister.TcrEl1, tcr);
        cpu->System.SctlrEl1 = (cpu->System.SctlrEl1 & ~EnableBits) | (random.Next(8) == 0 ? Word(random) & EnableBits : EnableBits);
        peer.Set(SystemRegister.SctlrEl1, cpu->System.SctlrEl1);
    }

    private static readonly SystemRegister[] s_keys =
    [
        SystemRegister.ApiaKeyLoEl1, SystemRegister.ApiaKeyHiEl1, SystemRegister.ApibKeyLoEl1, SystemRegister.ApibKeyHiEl1,
        SystemRegister.ApdaKeyLoEl1, SystemRegister.ApdaKeyHiEl1, SystemRegister.ApdbKeyLoEl1, SystemRegister.ApdbKeyHiEl1,
        SystemRegister.ApgaKeyLoEl1, SystemRegister.ApgaKeyHiEl1,
    ];

    // A canonical pointer of either half, with any top byte where it is ignored; a multiple of 4, as it may be a branch's target.
    private static ulong MakePointer(CpuState* cpu, Random random)
    {
        ulong pointer = Word(random) & ~3UL;
        ulong canonical = PointerCodes.Strip(cpu, isData: false, pointer);
        return canonical;
    }

    private static ulong Word(Random random) => (ulong)random.NextInt64(long.MinValue, long.MaxValue);

    // Adds the code that an authenticating instruction looks for to its pointer.
    private static void Sign(CpuState* cpu, uint word)
    {
        Operation operation = default;
        using var memory = new HvIntrospect.Interpreter.Memory.PhysicalMemory();
        using var pages = new DecodedPages(memory, HvIntrospect.Interpreter.Operations.OperationTables.All, A64Features.PAuth, threaded: false);
        pages.Bind(&operation, 0, word);
        ref ulong pointer = ref *(ulong*)((byte*)cpu + operation.Rn);
        ulong signed = pointer;
        PointerCodes.Add(cpu, (PointerKey)operation.Ra, *(ulong*)((byte*)cpu + operation.Rm), ref signed);
        if (operation.Rn != CpuState.ZeroOffset)
        {
            pointer = signed;
        }
    }

    private static void AssertSame(ScratchProcessor scratch, UnicornPeer peer, uint word, string name)
    {
        CpuState* cpu = scratch.State;
        cpu->Pc = ScratchProcessor.CodeVa;
        scratch.WriteWords(ScratchProcessor.CodeVa, word);
        peer.Load(cpu, word);
        cpu->System.EsrEl1 = ulong.MaxValue;
        scratch.Execute(1);
        Assert.True(cpu->System.EsrEl1 == ulong.MaxValue, name);
        Assert.True(peer.TryExecute(), $"{name}: the other one faults; tcr {cpu->System.TcrEl1:x} sctlr {cpu->System.SctlrEl1:x} x0 {cpu->X[0]:x} x1 {cpu->X[1]:x} sp {cpu->Sp:x}");
        for (int x = 0; x < 31; x++)
        {
            Assert.True(peer.State.X[x] == cpu->X[x], $"{name}: x{x} is {cpu->X[x]:x} and should be {peer.State.X[x]:x}; tcr {cpu->System.TcrEl1:x}");
        }

        Assert.True(peer.State.Sp == cpu->Sp, $"{name}: sp is {cpu->Sp:x} and should be {peer.State.Sp:x}");
        Assert.True(peer.State.Pc == cpu->Pc, $"{name}: pc is {cpu->Pc:x} and should be {peer.State.Pc:x}; tcr {cpu->System.TcrEl1:x}");
    }

    /// <summary>Turns Stage 1 on with an identity map of the RAM's gigabyte; everything else is not mapped.</summary>
    private static void MapIdentity(GuestProgram program)
    {
        const ulong Root = 0x4100_0000;
        const ulong Next = 0x4100_1000;

        // Level 0 of 48 bits leads to level 1, whose second gigabyte is a block: Normal memory with the access flag.
        program.Write(Root, (uint)Next | 3, 0);
        program.Write(Next + 8, 0x4000_0701, 0);
        ref TranslationRegisters translation = ref program.Vcpu.ModifyTranslation();
        translation.Ttbr0El1 = Root;
        translation.Ttbr1El1 = Root;
        translation.MairEl1 = 0xFF;
        translation.TcrEl1 = 16 | (16UL << 16) | (2UL << 30) | (2UL << 32);
        translation.SctlrEl1 |= (ulong)SctlrBits.M;
    }

    /// <summary>The executor that shares no code, at EL1 with flat memory.</summary>
    private sealed class UnicornPeer : IDisposable
    {
        private const ulong Code = ScratchProcessor.CodeVa;
        private readonly UnicornEngine _engine = new(UnicornModel.Max);

        public UnicornPeer()
        {
            // From reset to Non-secure EL1, with nothing trapped.
            const ulong Scr = 1 | (1UL << 10) | (3UL << 16);
            _engine.Map(Code, 0x1000);
            _engine.WriteSystemRegister(3, 6, 1, 1, 0, Scr);
            _engine.WriteSystemRegister(3, 4, 1, 1, 0, (ulong)(HcrBits.Rw | HcrBits.Api | HcrBits.Apk));
        }

        public UnicornState State { get; } = new();

        public void Map(ulong address, ReadOnlySpan<uint> words)
        {
            _engine.Map(address, (ulong)words.Length * sizeof(uint));
            for (int i = 0; i < words.Length; i++)
            {
                _engine.WriteCode(address + ((ulong)i * sizeof(uint)), words[i]);
            }
        }

        // By an instruction, so that everything that follows from the register does.
        public void Set(SystemRegister register, ulong value)
        {
            _engine.WriteX(0, value);
            _engine.WriteCode(Code, 0xD500_0000 | ((uint)register.Encoding << 5));
            Assert.Equal(UnicornError.None, _engine.Run(Code, 0, 1));
        }

        public void Load(CpuState* cpu, uint word)
        {
            _engine.WriteCode(Code, word);
            _engine.ReadState(State);
            for (int x = 0; x < 31; x++)
            {
                State.X[x] = cpu->X[x];
            }

            State.Sp = cpu->Sp;
            State.Pc = Code;
            _engine.WriteState(State);
        }

        public bool TryExecute()
        {
            bool isExecuted = _engine.Run(Code, 0, 1) == UnicornError.None;
            _engine.ReadState(State);
            return isExecuted;
        }

        public void Dispose() => _engine.Dispose();
    }
}
