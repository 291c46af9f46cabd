using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using HvIntrospect.A64;
using HvIntrospect.Interpreter;
using HvIntrospect.Introspection;
using HvIntrospect.Registers;
using HvIntrospect.Tests.Interpreter;
using HvIntrospect.Tests.Support;
using Xunit;

namespace HvIntrospect.Tests.Introspection.OnTheMachine;

/// <summary>
/// Two vCPUs that run whole programs with Stage 1 on. No page lies where its virtual address says, neighbours are scattered, and some pages have two virtual
/// addresses, of one vCPU or of both.
/// </summary>
internal sealed class MappedGuest : IDisposable
{
    private const ulong Page = 0x1000;
    private const ulong Ram = 0x4000_0000;
    private const ulong Tables = Ram + 0x30_0000;
    private const int FreePages = 0x300;
    private const ulong OtherVa = 0x8000_0000;
    private static readonly A64Decoder s_decoder = new(A64Features.Armv8_0);

    private readonly bool[] _isDone = new bool[2];
    private readonly Queue<ulong> _free;
    private readonly Dictionary<ulong, ulong>[] _pages = [[], []];

    private MappedGuest(int seed, DispatcherKind dispatcher)
    {
        Machine = CheckedMachine.Make(new MachineOptions { RamSize = 4 << 20, VcpuCount = 2, Dispatcher = dispatcher });
        var random = new Random(seed);
        ulong[] free = [.. Enumerable.Range(0, FreePages).Select(i => Ram + ((ulong)i * Page))];
        random.Shuffle(free);
        _free = new Queue<ulong>(free);
    }

    public Machine Machine { get; }

    /// <summary>Two instances of a program that GCC compiled, with one text at two virtual addresses.</summary>
    public static MappedGuest OfKernel(string name, int seed, DispatcherKind dispatcher)
    {
        const int Pages = 0x40;
        var guest = new MappedGuest(seed, dispatcher);
        using Machine image = KernelGuest.Load(name, 1, new MachineOptions { RamSize = 2 << 20 });
        byte[] bytes = new byte[Pages * Page];
        image.Memory.Read(new Ipa(Ram), bytes);
        for (int vcpu = 0; vcpu < 2; vcpu++)
        {
            ulong start = vcpu == 0 ? Ram : OtherVa;
            for (int i = 0; i < Pages; i++)
            {
                // The first page is the text.
                ulong at = (ulong)i * Page;
                guest._pages[vcpu][start + at] = vcpu == 1 && i == 0 ? guest._pages[0][Ram] : guest._free.Dequeue();
                guest.Write(vcpu, start + at, bytes.AsSpan((int)at, (int)Page));
            }

            guest.Machine.Vcpus[vcpu].ModifyCore()[0] = 1;
            guest.Machine.Vcpus[vcpu].ModifyCore().Pc = new Va(image.Vcpus[0].Core.Pc.Value - Ram + start);
        }

        return guest.Start();
    }

    /// <summary>Two random programs that share some of their data, and see some of it twice.</summary>
    public static MappedGuest OfRandomPrograms(int seed, DispatcherKind dispatcher)
    {
        var guest = new MappedGuest(seed, dispatcher);
        var random = new Random(seed);
        for (int vcpu = 0; vcpu < 2; vcpu++)
        {
            ulong code = vcpu == 0 ? Ram : OtherVa;
            for (ulong at = 0; at < RandomGuest.Stride; at += Page)
            {
                bool isData = at is >= RandomGuest.DataOffset and < RandomGuest.DataOffset + 0x1_2000;
                if (!isData && at >= 0x1_4000)
                {
                    // Accesses beyond fault.
                    continue;
                }

                ulong[] known = [.. guest._pages.SelectMany(pages => pages).Where(item => (item.Key & (RandomGuest.Stride - 1)) >= RandomGuest.DataOffset).Select(item => item.Value)];
                guest._pages[vcpu][code + at] = isData && known.Length != 0 && random.Next(3) == 0 ? known[random.Next(known.Length)] : guest._free.Dequeue();
            }

            int index = vcpu;
            RandomGuest.Load(guest.Machine.Vcpus[vcpu], new RandomProgram((seed * 2) + vcpu), code, (va, words) =>
            {
                // An exit between the two halves of an exclusive pair opens the monitor, as it may on silicon, so there are none.
                uint[] tame = [.. words.Select(word => s_decoder.TryDecodeLoadStore(word, out LoadStoreAccess access) && access.IsExclusive ? GuestProgram.Nop : word)];
                for (int i = 0; i < tame.Length; i++)
                {
                    guest.Write(index, va + ((ulong)i * 4), MemoryMarshal.AsBytes(tame.AsSpan(i, 1)));
                }
            });

            // The data is accessed at the ends of pages, so that many accesses lie in two.
            for (int i = 24; i < 28; i++)
            {
                guest.Machine.Vcpus[vcpu].ModifyCore()[i] -= (ulong)random.Next(9);
            }
        }

        return guest.Start();
    }

    /// <summary>Finds where a virtual address of a vCPU lies.</summary>
    public bool TryTranslate(int vcpu, ulong va, out ulong ipa)
    {
        bool isMapped = _pages[vcpu].TryGetValue(va & ~(Page - 1), out ulong page);
        ipa = page | (va & (Page - 1));
        return isMapped;
    }

    /// <summary>Gets every page that some vCPU can reach.</summary>
    public ulong[] ReachablePages() => [.. _pages.SelectMany(pages => pages.Values).Distinct().Order()];

    /// <summary>Runs exactly a number of instructions, or until the vCPU has ended. What the program itself asks of EL2 is skipped.</summary>
    public void Run(int index, ulong instructions, Introspector? introspector)
    {
        Vcpu vcpu = Machine.Vcpus[index];
        ulong end = vcpu.RetiredInstructions + instructions;
        while (vcpu.RetiredInstructions < end && !_isDone[index])
        {
            VcpuExit exit = Machine.Run(vcpu, end - vcpu.RetiredInstructions);
            if (exit.Kind == VcpuExitKind.Canceled)
            {
                continue;
            }

            if (exit.Kind == VcpuExitKind.Exception && exit.Esr.Class is ExceptionClass.DataAbortLowerEl or ExceptionClass.InstructionAbortLowerEl)
            {
                Assert.NotNull(introspector);
                Assert.Equal(VcpuActionKind.Resume, introspector.Handle(vcpu, exit).Kind);
                continue;
            }

            // SYSTEM_OFF of a kernel; random programs do not get here with this value.
            _isDone[index] = exit.Esr.Class == ExceptionClass.Hvc64 && vcpu.Core[0] == 0x8400_0008;
            vcpu.ModifyCore().Pc = new Va(vcpu.Core.Pc.Value + 4);
        }

        Assert.True(_isDone[index] || vcpu.RetiredInstructions == end);
    }

    public void Dispose() => Machine.Dispose();

    private void Write(int vcpu, ulong va, ReadOnlySpan<byte> bytes)
    {
        Assert.True(TryTranslate(vcpu, va, out ulong ipa));
        Assert.Equal(bytes.Length, Machine.Memory.Write(new Ipa(ipa), bytes));
    }

    private MappedGuest Start()
    {
        for (int vcpu = 0; vcpu < 2; vcpu++)
        {
            var tables = new GuestTables(Machine, Tables + ((ulong)vcpu * 0x2_0000));
            foreach ((ulong va, ulong ipa) in _pages[vcpu])
            {
                tables.Map(va, ipa, 1);
            }

            Assert.True(Machine.Vcpus[vcpu].TryGetCapability(out IEl2Operations? operations));
            operations.WriteSystemRegister(SystemRegister.CpacrEl1, 3 << 20);
            tables.TurnOn(Machine.Vcpus[vcpu]);
        }

        return this;
    }
}
