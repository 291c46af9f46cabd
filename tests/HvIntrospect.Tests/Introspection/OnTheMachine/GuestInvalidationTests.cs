using System;
using System.Runtime.InteropServices;
using HvIntrospect.Interpreter;
using HvIntrospect.Interpreter.Checking;
using HvIntrospect.Introspection;
using HvIntrospect.Registers;
using Xunit;

namespace HvIntrospect.Tests.Introspection.OnTheMachine;

/// <summary>A guest unmaps, invalidates and reuses a page on one vCPU while another vCPU is in a view of its own.</summary>
public sealed class GuestInvalidationTests : IDisposable
{
    private const ulong Code = 0x4000_0000;
    private const ulong Vectors = 0x4001_0000;
    private const ulong Tables = 0x4002_0000;
    private const ulong OldPage = 0x4003_0000;
    private const ulong NewPage = 0x4003_1000;

    /// <summary>The page whose translation changes: in the second 2 MB, which Stage 1 maps by pages.</summary>
    private const ulong Va = 0x4020_0000;
    private const ulong Entry = Tables + 0x2000;
    private const ulong PageBits = 0x703;
    private const ulong Asid = 3UL << 48;
    private const int Unmapped = 0x104;

    // Each is followed by HVC #0x42, and the program goes on behind it.
    private static readonly uint[] s_unmap =
    [
        0xF900_0022, // str x2, [x1]: the new entry
        0xD503_3A9F, // dsb ishst
        0xD508_8323, // tlbi vae1is, x3
        0xD503_3B9F, // dsb ish
        0xD503_3FDF, // isb
        0xD400_0842, // hvc #0x42
        0x17FF_FFFA, // b to the first
    ];

    private static readonly uint[] s_load =
    [
        0xF940_0022, // ldr x2, [x1]
        0xD400_0842, // hvc #0x42
        0x17FF_FFFE, // b to the first
    ];

    private const ulong Announced = 0x4010_0000;
    private const ulong Frames = 64;

    // Moves the page to the next frame, invalidates, and announces it: x6 frames are behind.
    private static readonly uint[] s_move =
    [
        0x9140_0484, // add x4, x4, #0x1000
        0x9100_04C6, // add x6, x6, #1
        0xF900_0024, // str x4, [x1]
        0xD503_3A9F, // dsb ishst
        0xD508_8323, // tlbi vae1is, x3
        0xD503_3B9F, // dsb ish
        0xD503_3FDF, // isb
        0xF900_00A6, // str x6, [x5]
        0xD100_04E7, // sub x7, x7, #1
        0xB5FF_FEE7, // cbnz x7, the first
        0xD400_0842, // hvc #0x42
    ];

    // Compares what was announced with the frame that is there after it.
    private static readonly uint[] s_follow =
    [
        0xF940_00A2, // ldr x2, [x5]
        0xD503_3BBF, // dmb ish
        0xF940_0024, // ldr x4, [x1]
        0xCB02_0086, // sub x6, x4, x2
        0xB7F8_0086, // tbnz x6, #63, the last
        0xCB08_0087, // sub x7, x4, x8
        0xB5FF_FF47, // cbnz x7, the first
        0xD400_0842, // hvc #0x42: the last frame was seen
        0xD400_0862, // hvc #0x43: an older frame than was announced
    ];

    private readonly Machine _machine;
    private readonly IStage2Views _views;
    private Introspector? _introspector;

    public GuestInvalidationTests()
        : this(null)
    {
    }

    private GuestInvalidationTests(ulong? seed)
    {
        _machine = new Machine(new MachineOptions { VcpuCount = 2, MaximumViews = 3, ChecksArchitecture = true, Seed = seed, TranslatesSpeculatively = seed is not null });
        Assert.True(_machine.TryGetCapability(out IStage2Views? views));
        _views = views;
        Write(Code, s_unmap);
        Write(Code + 0x1000, s_load);
        for (uint i = 0; i < 16; i++)
        {
            Write(Vectors + (i * 0x80), 0xD400_0002 | ((0x100 + i) << 5));
        }

        // 39 bits of VA from level 1: the first 2 MB of RAM flat, by one block, and a table of pages behind it.
        Write64(Tables + 8, (Tables + 0x1000) | 3);
        Write64(Tables + 0x1000, Code | 0x701);
        Write64(Tables + 0x1008, Entry | 3);
        Write64(Entry, OldPage | PageBits | (1UL << 11));
        Write64(OldPage, 0x0D);
        Write64(NewPage, 0x2E);
        for (int i = 0; i < 2; i++)
        {
            Vcpu vcpu = _machine.Vcpus[i];
            vcpu.ModifyException().VbarEl1 = Vectors;
            ref TranslationRegisters translation = ref vcpu.ModifyTranslation();
            translation.TcrEl1 = 25 | (25UL << 16) | (2UL << 30) | (2UL << 32);
            translation.MairEl1 = 0xFF;
            translation.Ttbr0El1 = Tables | Asid;
            translation.SctlrEl1 = 1;
            vcpu.ModifyCore().Pc = new Va(Code + ((ulong)i * 0x1000));
        }

        Changer.ModifyCore()[1] = Entry;
        Changer.ModifyCore()[3] = (Va >> 12) | Asid;
        Reader.ModifyCore()[1] = Va;
    }

    private Vcpu Changer => _machine.Vcpus[0];

    private Vcpu Reader => _machine.Vcpus[1];

    public void Dispose()
    {
        _introspector?.Dispose();
        _machine.Dispose();
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    [InlineData(1, 2)]
    public void WhatAGuestInvalidatesIsGoneFromEveryView(int viewOfChanger, int viewOfReader)
    {
        Start(new Introspector(_machine), viewOfChanger, viewOfReader);
        Assert.Equal(0x0DUL, Load());
        Change(0);
        Assert.Equal(Unmapped, Run(Reader));
        Assert.Equal(FaultKind.Translation, Fault());
        Again(Reader);
        Change(NewPage | PageBits | (1UL << 11));
        Assert.Equal(0x2EUL, Load());
        Assert.Empty(_machine.Checker!.Violations);
    }

    /// <summary>The same where a decorator leaves the other views out: the guest reads a page that it has given away, and the checker says why.</summary>
    [Fact]
    public void WithoutTheOtherViewsItIsNot()
    {
        Start(new Introspector(new MachineWithoutReplay(_machine)), 0, 1);
        Assert.Equal(0x0DUL, Load());
        Change(0);
        Assert.Equal(0x0DUL, Load());
        Assert.Contains(_machine.Checker!.Violations, violation => violation.Rule == ArchitectureRule.GuestInvalidationMissesView);
    }

    /// <summary>A view that is not active now has entries too, of when it was.</summary>
    [Fact]
    public void AViewThatIsActiveNowhereIsReached()
    {
        Start(new Introspector(_machine), 0, 1);
        Assert.Equal(0x0DUL, Load());
        _views.Activate(Reader, 0);
        Change(0);
        _views.Activate(Reader, 1);
        Assert.Equal(Unmapped, Run(Reader));
        Assert.Empty(_machine.Checker!.Violations);
    }

    [Fact]
    public void ActiveViewsAndTheirFramesAreWhatTheGuestSees()
    {
        Start(new Introspector(_machine), 0, 1);
        var page = new Ipa(OldPage);
        Assert.True(_views.TryGetMapping(0, new Ipa(NewPage), out Stage2MappingInfo other));
        _views.Remap(1, page, other.PhysicalStart!.Value + (NewPage - other.Range.Start.Value));
        Assert.Equal(0x2EUL, Load());
        _views.Activate(Reader, 0);
        Assert.Equal(0x0DUL, Load());
        Assert.Equal(0, _views.ActiveView(Reader));
        _views.Activate(Reader, 1);
        Assert.Equal(0x2EUL, Load());
        Assert.Contains("vCPU 1", Assert.Throws<InvalidOperationException>(() => _views.Remove(1)).Message, StringComparison.Ordinal);
        _views.Restore(1, new IpaRange(page, 0x1000));
        Assert.Equal(0x0DUL, Load());
        _machine.Stage2.Unmap(new IpaRange(page, 0x1000));
        Assert.Equal(ExceptionClass.DataAbortLowerEl, _machine.Run(Reader, 1000).Esr.Class);
        _views.Activate(Reader, 0);
        _views.Remove(1);
        Assert.Throws<ArgumentOutOfRangeException>(() => _views.Activate(Reader, 1));
        Assert.Empty(_machine.Checker!.Violations);
    }

    [Fact]
    public void MaintenanceOfAllFormsIsPerformed()
    {
        Start(new Introspector(_machine), 0, 1);
        foreach (uint word in new[]
        {
            0xD508_831Fu, 0xD508_8323u, 0xD508_8343u, 0xD508_8363u, 0xD508_83A3u, 0xD508_83E3u, // IS
            0xD508_871Fu, 0xD508_8723u, 0xD508_8743u, 0xD508_8763u, 0xD508_87A3u, 0xD508_87E3u, // local
        })
        {
            Write(Code + 8, word);
            Changer.ModifyCore().Pc = new Va(Code + 8);
            Assert.Equal(0x42, Run(Changer));
            Assert.Equal(Code + 24, Changer.Core.Pc.Value);
        }

        Assert.Empty(_machine.Checker!.Violations);
    }

    /// <summary>In whatever slices and views two vCPUs run: who has read that a page was moved and invalidated sees it there. Without the replay for other views, somebody does not.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void NoScheduleShowsWhatWasInvalidated(bool isRepeated)
    {
        int late = 0;
        ulong found = 0;
        for (ulong seed = 1; seed <= 20; seed++)
        {
            using var guest = new GuestInvalidationTests(seed);
            guest.Start(new Introspector(isRepeated ? guest._machine : new MachineWithoutReplay(guest._machine)), 0, 1);
            late += guest.FollowsLate((int)seed) ? 1 : 0;
            found += guest._machine.Checker!.ViolationCount;
        }

        Assert.Equal(isRepeated, late == 0);
        Assert.Equal(isRepeated, found == 0);
    }

    /// <summary>Runs both vCPUs in random slices, with random views, until one has seen all frames.</summary>
    private bool FollowsLate(int seed)
    {
        var random = new Random(seed);
        for (ulong frame = 0; frame < Frames; frame++)
        {
            Write64(OldPage + (frame * 0x1000), frame);
        }

        Write(Code, s_move);
        Write(Code + 0x1000, s_follow);
        Changer.ModifyCore()[4] = OldPage | PageBits | (1UL << 11);
        Changer.ModifyCore()[5] = Announced;
        Changer.ModifyCore()[7] = Frames - 1;
        Reader.ModifyCore()[5] = Announced;
        Reader.ModifyCore()[8] = Frames - 1;
        bool hasMoved = false;
        for (int slices = 0; slices < 10_000; slices++)
        {
            Vcpu vcpu = hasMoved || random.Next(2) == 0 ? Reader : Changer;
            if (random.Next(16) == 0)
            {
                _views.Activate(vcpu, random.Next(3));
            }

            ulong slice = (ulong)random.Next(1, 40);
            _introspector!.Run(vcpu, (IVcpu stopped, in VcpuAction _) => _machine.Run((Vcpu)stopped, slice), out VcpuExit exit);
            if (exit.Kind == VcpuExitKind.Canceled)
            {
                continue;
            }

            Assert.True(exit.Esr.TryGetCall(out CallSyndrome call), exit.ToString());
            if (vcpu == Reader)
            {
                return call.Immediate == 0x43;
            }

            hasMoved = true;
        }

        throw new InvalidOperationException("The last frame was never seen.");
    }

    private void Start(Introspector introspector, int viewOfChanger, int viewOfReader)
    {
        _introspector = introspector;
        Assert.Equal(1, _views.Create());
        Assert.Equal(2, _views.Create());
        _views.Activate(Changer, viewOfChanger);
        _views.Activate(Reader, viewOfReader);
    }

    private int Run(Vcpu vcpu)
    {
        VcpuAction action = _introspector!.Run(vcpu, (IVcpu stopped, in VcpuAction _) => _machine.Run((Vcpu)stopped, 1000), out VcpuExit exit);
        Assert.Equal(VcpuActionKind.Unhandled, action.Kind);
        Assert.Equal(ExceptionClass.Hvc64, exit.Esr.Class);
        Assert.True(exit.Esr.TryGetCall(out CallSyndrome call));
        return call.Immediate;
    }

    private ulong Load()
    {
        Assert.Equal(0x42, Run(Reader));
        return Reader.Core[2];
    }

    private void Change(ulong entry)
    {
        Changer.ModifyCore()[2] = entry;
        Assert.Equal(0x42, Run(Changer));
    }

    private FaultKind Fault()
    {
        Assert.True(Reader.Exception.EsrEl1.TryGetDataAbort(out DataAbortSyndrome abort));
        return abort.Status.Kind;
    }

    private void Again(Vcpu vcpu)
    {
        ref CoreRegisters core = ref vcpu.ModifyCore();
        core.Pc = new Va(vcpu.Exception.ElrEl1);
        core.Pstate = vcpu.Exception.SpsrEl1;
    }

    private void Write(ulong address, params uint[] words) =>
        Assert.Equal(words.Length * 4, _machine.Memory.Write(new Ipa(address), MemoryMarshal.AsBytes<uint>(words)));

    private void Write64(ulong address, ulong value) => Assert.Equal(8, _machine.Memory.Write(new Ipa(address), BitConverter.GetBytes(value)));

    /// <summary>A machine whose views perform what the guest asked for in the active view only.</summary>
    private sealed class MachineWithoutReplay(Machine inner) : IVirtualMachine
    {
        public System.Collections.Generic.IReadOnlyList<IVcpu> Vcpus => inner.Vcpus;

        public IGuestMemory Memory => inner.Memory;

        public A64Features Features => inner.Features;

        public bool TryGetCapability<T>([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out T? capability)
            where T : class
        {
            bool isOffered = inner.TryGetCapability(out capability);
            capability = capability is IStage2Views views ? new ForgetfulViews(views, inner.Checker!) as T : capability;
            return isOffered;
        }
    }

    private sealed class ForgetfulViews(IStage2Views inner, ArchitectureChecker checker) : IStage2Views
    {
        public int MaximumViews => inner.MaximumViews;

        public int Create() => inner.Create();

        public void Remove(int view) => inner.Remove(view);

        public void Protect(int view, IpaRange range, Stage2ViewAccess access) => inner.Protect(view, range, access);

        public void Remap(int view, Ipa page, Pa? frame) => inner.Remap(view, page, frame);

        public void Restore(int view, IpaRange range) => inner.Restore(view, range);

        public bool TryGetMapping(int view, Ipa address, out Stage2MappingInfo mapping) => inner.TryGetMapping(view, address, out mapping);

        public IGuestMemory MemoryOf(int view) => inner.MemoryOf(view);

        public void Activate(IVcpu vcpu, int view) => inner.Activate(vcpu, view);

        public int ActiveView(IVcpu vcpu) => inner.ActiveView(vcpu);

        public void Invalidate(IVcpu vcpu, TlbiOperation operation, ulong operand)
        {
            Assert.True(vcpu.TryGetCapability(out IEl2Operations? core));
            core.Tlbi(operation, operand);
            core.Dsb(BarrierOption.Ish);
            core.Isb();

            // As the core itself says of what it executes without a trap.
            checker.GuestInvalidated(vcpu.Index, isBroadcast: true);
        }

        public ulong MemoryUse(int view) => inner.MemoryUse(view);
    }
}
