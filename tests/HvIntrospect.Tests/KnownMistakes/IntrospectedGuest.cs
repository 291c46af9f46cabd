using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using HvIntrospect.Interpreter;
using HvIntrospect.Introspection;
using HvIntrospect.Registers;
using HvIntrospect.Tests.Introspection.Fakes;
using HvIntrospect.Tests.Support;
using HvIntrospect.Watchpoints;

namespace HvIntrospect.Tests.KnownMistakes;

/// <summary>A guest at EL1 with the MMU on, under the library: code, pages of data, a device. Virtual addresses are IPAs except where a test maps a page otherwise.</summary>
internal sealed class IntrospectedGuest : IDisposable
{
    public const ulong Code = 0x4000_0000;
    public const ulong Data = 0x4020_0000;
    public const ulong Device = 0x0900_0000;
    public const ulong PageSize = 4096;

    /// <summary>The tables of levels 1, 2 and 3, one page each.</summary>
    public const ulong Tables = 0x4008_0000;

    /// <summary>What <see cref="Run"/> returns when the guest came to its end and not to a vector.</summary>
    public const int Done = 0;

    /// <summary>What <see cref="Run"/> returns after an exception from EL1 with SP_EL1.</summary>
    public const int SynchronousVector = 0x104;

    private const ulong Vectors = 0x4001_0000;
    private const ulong Level1 = Tables;
    private const ulong Level2 = Tables + 0x1000;
    private const ulong Level3 = Tables + 0x2000;
    private const uint HvcDone = 0xD4000002;

    // Accessed, inner shareable, normal memory; a page of data that EL0 does not reach and nobody executes.
    private const ulong Normal = (1UL << 10) | (3UL << 8);
    private const ulong NoExecute = 3UL << 53;
    private const ulong Table = 3;
    private const ulong DeviceBlock = (1UL << 10) | (1UL << 2) | NoExecute | 1;

    public IntrospectedGuest(bool useInlineFilter = true, int vcpus = 1, A64Features features = A64Features.Armv8_0, IntrospectorOptions? options = null)
    {
        Machine = CheckedMachine.Make(new MachineOptions { VcpuCount = vcpus, Features = features });
        options ??= new IntrospectorOptions();
        options.UseInlineFilter = useInlineFilter;
        Introspector = new Introspector(Machine, options);
        Introspector.Mmio.Map(new IpaRange(new Ipa(Device), PageSize), Registers);
        Write64(Level1, DeviceBlock);
        Write64(Level1 + 8, Level2 | Table);
        Write64(Level2, Code | Normal | 1);
        Write64(Level2 + 8, Level3 | Table);
        for (int page = 0; page < 512; page++)
        {
            MapPage(page, Data + ((ulong)page * PageSize));
        }

        for (uint i = 0; i < 16; i++)
        {
            WriteWords(Vectors + (i * 0x80), HvcDone | ((0x100 + i) << 5));
        }

        foreach (Vcpu vcpu in Machine.Vcpus)
        {
            ref TranslationRegisters translation = ref vcpu.ModifyTranslation();
            translation.Ttbr0El1 = Level1;
            translation.MairEl1 = 0xFF; // attribute 0 normal, attribute 1 Device
            translation.TcrEl1 = 25 | (1UL << 8) | (1UL << 10) | (3UL << 12) | (1UL << 23) | (2UL << 32) | (1UL << 37); // 39 bits, TBI0
            translation.SctlrEl1 = (ulong)(SctlrBits.M | SctlrBits.C | SctlrBits.I | SctlrBits.Sa);
            vcpu.ModifyException().VbarEl1 = Vectors;
            vcpu.TryGetCapability(out IEl2Operations? operations);
            operations!.WriteSystemRegister(SystemRegister.CpacrEl1, 3UL << 20);
            vcpu.ModifyCore().SpEl1 = Data + 0x8_0000;
            vcpu.ModifyCore()[1] = Data;
        }
    }

    public Machine Machine { get; }

    public Vcpu Vcpu => Machine.Vcpus[0];

    public Introspector Introspector { get; }

    public FakeDevice Registers { get; } = new();

    /// <summary>Gets kind, size, address, old and new value of each event.</summary>
    public List<string> Events { get; } = [];

    /// <summary>Gets the virtual address of each event.</summary>
    public List<ulong> EventAddresses { get; } = [];

    /// <summary>Gets or sets a general-purpose register.</summary>
    public ulong this[int register]
    {
        get => Vcpu.Core[register];
        set => Vcpu.ModifyCore()[register] = value;
    }

    /// <summary>Maps a page of data. The attributes are added to those of normal memory.</summary>
    public void MapPage(int page, ulong ipa, ulong attributes = 0) =>
        Write64(Level3 + (8 * (ulong)page), ipa | Normal | NoExecute | attributes | 3);

    /// <summary>Maps a page of code among the data.</summary>
    public void MapCode(int page, ulong ipa) => Write64(Level3 + (8 * (ulong)page), ipa | Normal | 3);

    public void UnmapPage(int page) => Write64(Level3 + (8 * (ulong)page), 0);

    public void Write64(ulong address, ulong value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        Machine.Memory.Write(new Ipa(address), bytes);
    }

    public ulong Read64(ulong address)
    {
        Span<byte> bytes = stackalloc byte[8];
        Machine.Memory.Read(new Ipa(address), bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    public void WriteWords(ulong address, params ReadOnlySpan<uint> words) => Machine.Memory.Write(new Ipa(address), MemoryMarshal.AsBytes(words));

    public Watch Watch(ulong start, ulong length, WatchKinds kinds = WatchKinds.ReadWrite, WatchResponse answer = default) =>
        Introspector.AddWatch(new IpaRange(new Ipa(start), length), kinds, (in WatchEvent e) =>
        {
            Events.Add(FormattableString.Invariant($"{e.Kind} {e.Size} {e.Ipa.Value:x}: {Number(e.OldValue):x} {Number(e.NewValue):x}"));
            EventAddresses.Add(e.Va.Value);
            return answer;
        });

    /// <summary>Executes instructions from the start of the code until they end or an exception to EL1 was taken.</summary>
    public int Run(params ReadOnlySpan<uint> words)
    {
        WriteWords(Code, [.. words, HvcDone]);
        Vcpu.ModifyCore().Pc = new Va(Code);
        return Continue(Vcpu);
    }

    /// <summary>Runs a vCPU to its next call.</summary>
    public int Continue(Vcpu vcpu)
    {
        for (int exits = 0; exits < 1000; exits++)
        {
            VcpuExit exit = Machine.Run(vcpu, 100_000);
            VcpuAction action = Introspector.Handle(vcpu, exit);
            if (exit.Esr.Class == ExceptionClass.Hvc64 && exit.Esr.TryGetCall(out CallSyndrome call))
            {
                return call.Immediate;
            }

            if (action.Kind != VcpuActionKind.Resume)
            {
                throw new InvalidOperationException($"The guest ended {action} {action.Detail} for {exit}.");
            }
        }

        throw new InvalidOperationException("The guest does not end.");
    }

    public void Dispose()
    {
        Introspector.Dispose();
        Machine.Dispose();
    }

    private static ulong Number(ReadOnlySpan<byte> bytes)
    {
        Span<byte> eight = stackalloc byte[8];
        eight.Clear();
        bytes.CopyTo(eight);
        return BinaryPrimitives.ReadUInt64LittleEndian(eight);
    }
}
