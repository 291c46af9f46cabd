using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using HvIntrospect.Interpreter;
using HvIntrospect.Introspection;
using HvIntrospect.Registers;
using HvIntrospect.Tests.Differential;
using HvIntrospect.Watchpoints;
using HvIntrospect.Tests.Support;
using Xunit;

namespace HvIntrospect.Tests.Introspection.OnTheMachine;

/// <summary>What handlers see of the classes that are more than one load or store: an event for each element, of atomics the read and the write in one.</summary>
public sealed class ClassEventTests : IDisposable
{
    private const ulong Address = TestLayout.DeniedPage + 0x100;
    private const ulong Value = 0x1122_3344_5566_7788;

    private readonly GuestMachine _guest = new(A64Features.All);
    private readonly Introspector _introspector;
    private readonly List<WatchRecord> _events = [];
    private WatchResponse _response = WatchResponse.Continue;

    public ClassEventTests()
    {
        _introspector = new Introspector(_guest.Machine, new IntrospectorOptions { UseInlineFilter = false });
        _introspector.AddWatch(new IpaRange(new Ipa(Address), 64), WatchKinds.ReadWrite, OnAccess);
    }

    public void Dispose()
    {
        _introspector.Dispose();
        _guest.Dispose();
    }

    [Theory]
    [InlineData(0xF8220023u, 5UL, Value, Value + 5)] // ldadd x2, x3, [x1]
    [InlineData(0xF8228023u, 5UL, Value, 5UL)] // swp x2, x3, [x1]
    [InlineData(0xB8225023u, 0xFFFF_FFFFUL, 0x5566_7788UL, 0xFFFF_FFFFUL)] // ldsmin w2, w3, [x1]: four bytes, no more
    public void AnAtomicIsOneEventWithOldAndNewValue(uint word, ulong operand, ulong old, ulong written)
    {
        Execute(word, operand);
        WatchRecord seen = Assert.Single(_events);
        Assert.Equal((WatchKinds.ReadWrite, true), (seen.Kind, seen.IsExact));
        Assert.Equal((old, written), (Number(seen.OldValue), Number(seen.NewValue)));
        Assert.Equal(old, _guest.Vcpu.Core[3]);
        Assert.Equal(written, Number(Memory().AsSpan(0, seen.Size)));
        Assert.Equal(seen.Size == 4 ? 0x11223344u : (uint)(written >> 32), BinaryPrimitives.ReadUInt32LittleEndian(Memory().AsSpan(4)));
    }

    /// <summary>A compare and swap that fails only reads.</summary>
    [Fact]
    public void ACompareAndSwapWritesOnlyWhenItMatches()
    {
        Execute(0xC8A27C23, Value + 1); // cas x2, x3, [x1]
        Assert.Equal(WatchKinds.Read, Assert.Single(_events).Kind);
        Assert.Equal((Value, Value), (_guest.Vcpu.Core[2], Number(Memory().AsSpan(0, 8))));
        _events.Clear();
        Execute(0xC8A27C23, Value);
        Assert.Equal(WatchKinds.ReadWrite, Assert.Single(_events).Kind);
        Assert.Equal(3UL, Number(Memory().AsSpan(0, 8)));
    }

    /// <summary>A read-check-write whose check fails only reads, natively and trapped; NZCV tells why. A handler's answer stands for the memory, for the flags too.</summary>
    [Theory]
    [InlineData(TestLayout.Data)]
    [InlineData(Address)]
    public void AReadCheckWriteWritesOnlyWhenItsChecksPass(ulong address)
    {
        const uint Swap = 0x3822_A023; // rcwswp x2, x3, [x1]
        const uint Protected = 0x4000_0000;
        const uint Passed = 0x2000_0000;
        const ulong ProtectedBit = 1UL << 52;
        Execute(Swap, Value ^ 0xFF00, Place);
        Assert.Equal((Passed, Value, Value ^ 0xFF00), (Flags(), _guest.Vcpu.Core[3], At(address)));
        Execute(Swap, Value ^ ProtectedBit, Place);
        Assert.Equal((Passed | Protected, Value, Value), (Flags(), _guest.Vcpu.Core[3], At(address)));
        Assert.Equal(address == Address ? [WatchKinds.ReadWrite, WatchKinds.Read] : [], _events.Select(static seen => seen.Kind));

        void Place(LoadStoreCase given)
        {
            given.X[1] = address;
            BinaryPrimitives.WriteUInt64LittleEndian(given.Memory.AsSpan((int)(address - TestLayout.Data)), Value);
        }
    }

    /// <summary>What a handler replaces is what an atomic writes; what it skips leaves memory and destination alone.</summary>
    [Fact]
    public void HandlersMayChangeWhatAnAtomicWrites()
    {
        byte[] replacement = [9, 0, 0, 0, 0, 0, 0, 0];
        _response = WatchResponse.Replace(replacement);
        Execute(0xF8220023, 5);
        Assert.Equal((Value, 9UL), (_guest.Vcpu.Core[3], Number(Memory().AsSpan(0, 8))));
        _response = WatchResponse.Skip;
        Execute(0xF8220023, 5);
        Assert.Equal((3UL, Value), (_guest.Vcpu.Core[3], Number(Memory().AsSpan(0, 8))));
    }

    [Theory]
    [InlineData(0x0C408022u, 8, 1)] // ld2 {v2.8b, v3.8b}, [x1]: sixteen of one byte
    [InlineData(0x0C008022u, 8, 1)] // st2
    [InlineData(0x4C408822u, 4, 4)] // ld2 {v2.4s, v3.4s}
    [InlineData(0x0D60C822u, 1, 4)] // ld2r {v2.2s, v3.2s}
    public void AStructureIsAnEventForEachElement(uint word, int structures, int size)
    {
        Execute(word, 0);
        Assert.Equal(2 * structures, _events.Count);
        Assert.Equal(Enumerable.Range(0, 2 * structures).Select(i => Address + (ulong)(i * size)), _events.Select(static seen => seen.Ipa.Value));
        Assert.All(_events, seen => Assert.Equal(size, seen.Size));
    }

    /// <summary>A copy is one instruction to whoever watches its code, whether it touches watched data or not.</summary>
    [Theory]
    [InlineData(TestLayout.Data + 0x40)]
    [InlineData(Address)]
    public void ACopyIsExecutedOnce(ulong to)
    {
        const uint Cpyfm = 0x1944_0443; // cpyfm [x3]!, [x4]!, x2!
        int executed = 0;
        using Watch code = _introspector.AddWatch(new IpaRange(new Ipa(TestLayout.Code), 4), WatchKinds.Execute, (in WatchEvent _) =>
        {
            executed++;
            return WatchResponse.Continue;
        });
        Execute(Cpyfm, unchecked((ulong)-32), given =>
        {
            given.X[3] = to + 32;
            given.X[4] = TestLayout.Data + 0x120;
        });
        Assert.Equal((1, to == Address ? 4 : 0), (executed, _events.Count));
    }

    /// <summary>What the architecture makes one single-copy atomic access is one event, whatever number of registers it moves.</summary>
    [Theory]
    [InlineData(0xA9400C22u, 0, new[] { 16 })] // ldp x2, x3, [x1]
    [InlineData(0xA9400C22u, 8, new[] { 8, 8 })] // the same beyond 16 aligned bytes
    [InlineData(0xA9000C22u, 0, new[] { 16 })] // stp x2, x3, [x1]
    [InlineData(0xA8400C22u, 0, new[] { 16 })] // ldnp x2, x3, [x1]
    [InlineData(0x29400C22u, 4, new[] { 8 })] // ldp w2, w3, [x1, #4]
    [InlineData(0x29400C22u, 12, new[] { 4, 4 })]
    [InlineData(0x6D400C22u, 0, new[] { 16 })] // ldp d2, d3, [x1]
    [InlineData(0x3DC00022u, 0, new[] { 8, 8 })] // ldr q2, [x1]
    [InlineData(0xAD400C22u, 0, new[] { 8, 8, 8, 8 })] // ldp q2, q3, [x1]
    [InlineData(0x4C40AC22u, 0, new[] { 8, 8, 8, 8 })] // ld1 {v2.2d, v3.2d}, [x1]
    [InlineData(0x48227C24u, 0, new[] { 16 })] // casp x2, x3, x4, x5, [x1]
    [InlineData(0x08227C24u, 0, new[] { 8 })] // casp w2, w3, w4, w5, [x1]
    [InlineData(0x19238022u, 0, new[] { 16 })] // swpp x2, x3, [x1]
    [InlineData(0xC87F0C22u, 0, new[] { 8, 8 })] // ldxp x2, x3, [x1]: what makes it atomic is the store
    [InlineData(0x887F0C22u, 0, new[] { 8 })] // ldxp w2, w3, [x1]
    public void AnEventIsOneSingleCopyAtomicAccess(uint word, int offset, int[] sizes)
    {
        Execute(word, 0, given => given.X[1] += (ulong)offset);
        Assert.Equal(sizes, _events.Select(static seen => seen.Size));
        Assert.All(_events, static seen => Assert.Equal((seen.Size, seen.Size), (seen.OldValue.Length, seen.NewValue.Length)));
        Assert.Equal(Address + (ulong)offset, _events[0].Ipa.Value);
    }

    /// <summary>A store of tags alone touches no data; what stores data with them is seen by its data.</summary>
    [Theory]
    [InlineData(0xD9200822u, 0)] // stg x2, [x1]
    [InlineData(0xD9A00822u, 0)] // st2g x2, [x1]
    [InlineData(0xD9600822u, 2)] // stzg x2, [x1]
    [InlineData(0xD9E00822u, 4)] // stz2g x2, [x1]
    [InlineData(0x69000C22u, 2)] // stgp x2, x3, [x1]
    public void TagsAloneAreNotWatched(uint word, int words)
    {
        Execute(word, 0x11);
        Assert.Equal(words, _events.Count);
        Assert.All(_events, static seen => Assert.Equal((WatchKinds.Write, 8, true), (seen.Kind, seen.Size, seen.IsExact)));
        Assert.Equal(words == 0 ? Value : (word >> 24) == 0x69 ? 0x11UL : 0, Number(Memory().AsSpan(0, 8)));
    }

    [Fact]
    public void HandlersMayReplaceAnyBytesOfSixteen()
    {
        _response = WatchResponse.Replace([1, 2, 3, 4], offset: 6);
        Execute(0xA9000C22, 0x2222_2222_2222_2222, static given => given.X[3] = 0x3333_3333_3333_3333); // stp x2, x3, [x1]
        Assert.Equal(Convert.FromHexString("22222222222201020304333333333333"), Memory()[..16]);
        Assert.Equal(Convert.FromHexString("88776655443322110000000000000000"), Assert.Single(_events).OldValue.ToArray());
        Assert.EndsWith("0x1122334455667788 -> 0x33333333333333332222222222222222", _events[0].ToString(), StringComparison.Ordinal);
        _response = WatchResponse.Replace(Enumerable.Range(1, 16).Select(static i => (byte)i).ToArray());
        Execute(0xA9400C22, 0); // ldp x2, x3, [x1]
        Assert.Equal((0x0807_0605_0403_0201UL, 0x100F_0E0D_0C0B_0A09UL), (_guest.Vcpu.Core[2], _guest.Vcpu.Core[3]));
    }

    /// <summary>A copy reads one place and writes another, and only what is watched is seen.</summary>
    [Fact]
    public void ACopyIsSeenWhereItIsWatched()
    {
        const uint Cpyfm = 0x1944_0443; // cpyfm [x3]!, [x4]!, x2!
        Execute(Cpyfm, unchecked((ulong)-32), given =>
        {
            given.X[3] = Address + 32;
            given.X[4] = TestLayout.Data + 32;
        });
        Assert.Equal(4, _events.Count);
        Assert.All(_events, static seen => Assert.Equal((WatchKinds.Write, 8), (seen.Kind, seen.Size)));
        Assert.Equal(new byte[32], Memory()[..32]);
    }

    /// <summary>Neither the machine's way through the reference nor that of a trapped access allocates, once it is warm.</summary>
    [Theory]
    [InlineData(0xF8220023u)] // ldadd x2, x3, [x1]
    [InlineData(0x4C400022u)] // ld4 {v2.16b to v5.16b}, [x1]
    public void NothingIsAllocated(uint word)
    {
        _introspector.Dispose();
        using var introspector = new Introspector(_guest.Machine, new IntrospectorOptions { UseInlineFilter = false });
        long native = BytesOf(word, introspector, TestLayout.Data);
        introspector.AddWatch(new IpaRange(new Ipa(Address), 64), WatchKinds.ReadWrite, static (in WatchEvent e) => WatchResponse.Continue);
        Assert.Equal((0L, 0L), (native, BytesOf(word, introspector, Address)));
    }

    /// <summary>Tags of the machine: switched on by SCTLR_EL1 where the feature is there, stored natively and for a trapped access, and seen by EL2.</summary>
    [Fact]
    public void TheMachineKeepsTags()
    {
        const uint Stg = 0xD9200822; // stg x2, [x1]
        const uint Ldg = 0xD9600023; // ldg x3, [x1]
        const ulong TagSix = 6ul << 56;
        Assert.True(_guest.Vcpu.TryGetCapability(out IEl2Operations? operations));
        operations!.WriteSystemRegister(SystemRegister.SctlrEl1, operations.ReadSystemRegister(SystemRegister.SctlrEl1) | (ulong)SctlrBits.Ata);
        _guest.Vcpu.ModifyTranslation().MairEl1 = 0xF0;
        Assert.True(_guest.Machine.TryGetCapability(out ITagMemory? tags));
        Execute(Stg, TagSix);
        Assert.Equal(6, tags!.ReadTag(new Ipa(Address)));
        using MachineSnapshot snapshot = _guest.Machine.TakeSnapshot();
        Execute(Stg, TagSix, static given => given.X[1] = TestLayout.Data);
        Assert.Equal(6, tags.ReadTag(new Ipa(TestLayout.Data)));
        _guest.Machine.Restore(snapshot);
        Assert.Equal((6, 0), (tags.ReadTag(new Ipa(Address)), tags.ReadTag(new Ipa(TestLayout.Data))));
        Execute(Ldg, 0);
        Assert.Equal(TagSix | 3, _guest.Vcpu.Core[3]);

        using GuestMachine plain = new();
        Assert.True(plain.Vcpu.TryGetCapability(out operations));
        operations!.WriteSystemRegister(SystemRegister.SctlrEl1, (ulong)SctlrBits.Ata);
        Assert.Equal(0ul, operations.ReadSystemRegister(SystemRegister.SctlrEl1) & (ulong)SctlrBits.Ata);
        Assert.False(plain.Machine.TryGetCapability(out tags));
    }

    private long BytesOf(uint word, Introspector introspector, ulong address)
    {
        LoadStoreCase given = new(0, HvIntrospect.A64.EncodingTable.Instance.Rows[0], word) { Pc = TestLayout.Code, Target = address };
        _guest.Load(given);
        PerformMany();
        return Allocation.Of(PerformMany);

        void PerformMany()
        {
            for (int i = 0; i < 300; i++)
            {
                ref CoreRegisters core = ref _guest.Vcpu.ModifyCore();
                core.Pc = new Va(given.Pc);
                core[1] = address;
                VcpuExit exit = _guest.Machine.Run(_guest.Vcpu, maxInstructions: 1);
                if (exit.Kind != VcpuExitKind.Canceled)
                {
                    introspector.Handle(_guest.Vcpu, exit);
                }
            }
        }
    }

    private static ulong Number(ReadOnlySpan<byte> bytes)
    {
        Span<byte> padded = stackalloc byte[8];
        padded.Clear();
        bytes.CopyTo(padded);
        return BinaryPrimitives.ReadUInt64LittleEndian(padded);
    }

    private uint Flags() => (uint)_guest.Vcpu.Core.Pstate.Value & 0xF000_0000;

    private ulong At(ulong address)
    {
        Span<byte> bytes = stackalloc byte[8];
        _guest.Machine.Memory.Read(new Ipa(address), bytes);
        return Number(bytes);
    }

    private byte[] Memory()
    {
        byte[] bytes = new byte[64];
        _guest.Machine.Memory.Read(new Ipa(Address), bytes);
        return bytes;
    }

    private void Execute(uint word, ulong operand, Action<LoadStoreCase>? change = null)
    {
        LoadStoreCase given = new(0, HvIntrospect.A64.EncodingTable.Instance.Rows[0], word) { Pc = TestLayout.Code, Target = Address };
        BinaryPrimitives.WriteUInt64LittleEndian(given.Memory.AsSpan((int)(Address - TestLayout.Data)), Value);
        given.X[1] = Address;
        given.X[2] = operand;
        given.X[3] = 3;
        change?.Invoke(given);
        _guest.Load(given);
        for (int exits = 0; exits < 4 && _guest.Vcpu.Core.Pc.Value == given.Pc; exits++)
        {
            VcpuExit exit = _guest.Machine.Run(_guest.Vcpu, maxInstructions: 1);
            if (exit.Kind != VcpuExitKind.Canceled)
            {
                Assert.Equal(VcpuActionKind.Resume, _introspector.Handle(_guest.Vcpu, exit).Kind);
            }
        }

        Assert.Equal(given.Pc + 4, _guest.Vcpu.Core.Pc.Value);
    }

    private WatchResponse OnAccess(in WatchEvent e)
    {
        _events.Add(e.ToRecord());
        return _response;
    }
}
