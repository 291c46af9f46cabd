using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using HvIntrospect.Interpreter;
using HvIntrospect.Interpreter.Checking;
using HvIntrospect.Registers;
using HvIntrospect.Translation;
using HvIntrospect.Translation.Stage2;
using Xunit;

namespace HvIntrospect.Tests.Translation.Stage2;

/// <summary>Pages become a block on the machine, where memory leaves out the break: the checker says so, and a guest may find both sizes in its TLB.</summary>
public sealed class MissedBreakTests
{
    private const ulong Code = 0x4000_0000;
    private const ulong Pages = 0x4020_0000;
    private const ulong OtherPage = Pages + 0x10_0000;
    private const ulong Size = 0x20_0000;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TheCheckerKnowsTheRule(bool breaks)
    {
        using var guest = new Guest(breaks, seed: 1, checks: true);
        Assert.Null(guest.Load(Pages));
        guest.Merge();
        Assert.Null(guest.Load(Pages));
        Assert.Equal(breaks ? [] : [ArchitectureRule.BreakBeforeMake], guest.Machine.Checker!.Violations.Select(static violation => violation.Rule).Distinct());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AGuestMayFindTwoSizes(bool breaks)
    {
        var conflicts = new List<ulong>();
        for (ulong seed = 1; seed <= 30; seed++)
        {
            ulong seedOfGuest = seed;
            using var guest = new Guest(breaks, seedOfGuest, checks: false);
            Assert.Null(guest.Load(Pages));
            guest.Invalidating = () =>
            {
                // The block is not there yet, or comes into the TLB beside the page, as soon as the way to the table is not there any more.
                guest.ForgetTables();
                FaultKind? fault = guest.Load(OtherPage);
                Assert.Equal(breaks ? FaultKind.Translation : null, fault);
                Assert.Equal(breaks, guest.IsInTransition(OtherPage));
                fault = guest.Load(Pages);
                Assert.True(fault is null || (fault == FaultKind.TlbConflict && !breaks), $"{fault} with seed {seedOfGuest}");
                conflicts.AddRange(fault is null ? [] : [seedOfGuest]);
            };
            guest.Merge();
            Assert.Null(guest.Invalidating);
            Assert.Null(guest.Load(Pages));
            Assert.Null(guest.Load(OtherPage));
        }

        Assert.Equal(breaks, conflicts.Count == 0);
    }

    /// <summary>One vCPU changes the tables, the other one is the guest.</summary>
    private sealed class Guest : IEl2Operations, IDisposable
    {
        private readonly IEl2Operations _inner;
        private readonly IEl2Operations _guest;
        private readonly Stage2Tables _tables;

        public Guest(bool breaks, ulong seed, bool checks)
        {
            var options = new MachineOptions { VcpuCount = 2, Seed = seed, ChecksArchitecture = checks };
            Machine = new Machine(options);
            Assert.True(Machine.TryGetCapability(out IPhysicalMemory? memory));
            Assert.True(Machine.Vcpus[0].TryGetCapability(out IEl2Operations? operations));
            Assert.True(Vcpu.TryGetCapability(out IEl2Operations? guest));
            _inner = operations;
            _guest = guest;
            var geometry = new Stage2Geometry(options.AddressBits, options.AddressBits);
            var pool = new TablePool(new PaRange(options.HypervisorMemory.Start + (options.HypervisorMemory.Length / 2), options.HypervisorMemory.Length / 2), geometry.Granule);
            _tables = new Stage2Tables(breaks ? memory : new UnbrokenMemory(memory), pool, geometry, 2, this);
            _tables.Map(Stage2World.Range(Code, Size), options.RamPhysicalBase, Stage2Attributes.Ram);
            _tables.Map(Stage2World.Range(Pages, Size), options.RamPhysicalBase + Size, Stage2Attributes.Ram, firstLevel: 3);

            // ldr x2, [x1]; hvc #1
            Machine.Memory.Write(new Ipa(Code), MemoryMarshal.AsBytes<uint>([0xF940_0022, 0xD400_0022]));
            guest.WriteSystemRegister(SystemRegister.VtcrEl2, _tables.Vtcr.Value);
            guest.WriteSystemRegister(SystemRegister.VttbrEl2, _tables.Vttbr.Value);
            guest.Isb();
        }

        /// <summary>Gets or sets what happens after a change was written, and before TLBs forget what was.</summary>
        public Action? Invalidating { get; set; }

        public Machine Machine { get; }

        private Vcpu Vcpu => Machine.Vcpus[1];

        public void Dispose()
        {
            Invalidating = null;
            _tables.Dispose();
            Machine.Dispose();
        }

        public void Merge()
        {
            _tables.Merge(Stage2World.Range(Pages, Size));
            Assert.Equal(Size, _tables.Walker.Walk(new Ipa(Pages)).Size);
        }

        /// <summary>The guest's core invalidates another page, and with it what led there.</summary>
        public void ForgetTables()
        {
            _guest.Tlbi(TlbiOperation.Ipas2E1, OtherPage >> 12);
            _guest.Dsb(BarrierOption.Ish);
        }

        public bool IsInTransition(ulong address) => _tables.Walker.Walk(new Ipa(address)).IsInTransition;

        /// <summary>Loads from an address.</summary>
        /// <returns>The fault that EL2 gets, or null.</returns>
        public FaultKind? Load(ulong address)
        {
            ref CoreRegisters core = ref Vcpu.ModifyCore();
            core.Pc = new Va(Code);
            core[1] = address;
            VcpuExit exit = Machine.Run(Vcpu, 100);
            return exit.Esr.TryGetDataAbort(out DataAbortSyndrome abort) ? abort.Status.Kind : exit.Esr.TryGetCall(out _) ? null : throw new InvalidOperationException(exit.ToString());
        }

        public ulong ReadSystemRegister(SystemRegister register) => _inner.ReadSystemRegister(register);

        public void WriteSystemRegister(SystemRegister register, ulong value) => _inner.WriteSystemRegister(register, value);

        public void Tlbi(TlbiOperation operation, ulong operand)
        {
            Action? invalidating = Invalidating;
            Invalidating = null;
            invalidating?.Invoke();
            _inner.Tlbi(operation, operand);
        }

        public void Dsb(BarrierOption option) => _inner.Dsb(option);

        public void Isb() => _inner.Isb();

        public void InvalidateInstructionCache(InstructionCacheOperation operation, Pa address) => _inner.InvalidateInstructionCache(operation, address);

        public void MaintainDataCache(DataCacheOperation operation, Pa address) => _inner.MaintainDataCache(operation, address);

        public ulong TranslateAddress(AddressTranslationOperation operation, Va address) => _inner.TranslateAddress(operation, address);
    }

    /// <summary>Memory in which a descriptor that waits for its make is valid at once.</summary>
    private sealed class UnbrokenMemory(IPhysicalMemory inner) : IPhysicalMemory
    {
        private const ulong Valid = 1;
        private const ulong TransitionMark = 1UL << 56;

        public AtomicWidths CompareExchangeWidths => AtomicWidths.None;

        public Span<byte> GetSpan(Pa address, out Pa start)
        {
            start = default;
            return default;
        }

        public int Read(Pa address, Span<byte> destination) => inner.Read(address, destination);

        public int Write(Pa address, ReadOnlySpan<byte> source)
        {
            if (source.Length != sizeof(ulong))
            {
                return inner.Write(address, source);
            }

            ulong descriptor = BinaryPrimitives.ReadUInt64LittleEndian(source);
            bool isBroken = (descriptor & (Valid | TransitionMark)) == TransitionMark;
            Span<byte> written = stackalloc byte[sizeof(ulong)];
            BinaryPrimitives.WriteUInt64LittleEndian(written, isBroken ? (descriptor | Valid) & ~TransitionMark : descriptor);
            return inner.Write(address, written);
        }

        public CompareExchangeResult TryCompareExchange(Pa address, ReadOnlySpan<byte> expected, ReadOnlySpan<byte> replacement, Span<byte> observed) =>
            throw new InvalidOperationException("No walker writes here.");
    }
}
