using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using HvIntrospect.Interpreter.Checking;
using HvIntrospect.Registers;
using HvIntrospect.Tests.Translation.Stage2;
using HvIntrospect.Translation;

namespace HvIntrospect.Tests.Interpreter.Checking;

/// <summary>A few cores at EL2, whose operations do nothing but are checked, and hand-made tables: a hypervisor as short as the text that tests want to say.</summary>
internal sealed class CheckedWorld
{
    public const ulong Root = 0x8000_0000;
    public const ulong Level2 = Root + 0x1000;
    public const ulong Level3 = Root + 0x2000;
    public const ulong OtherRoot = Root + 0x4000;
    public const ulong Spare = Root + 0x8000;
    public const ulong CodePage = Root + 0x10000;
    public const ulong Valid = 1;
    public const ulong TableBit = 2;
    public const ulong Page = 3 | ReadWrite | (0xF << 2) | (3 << 8) | (1 << 10);
    public const ulong Block = Page & ~TableBit;
    public const ulong ReadWrite = 3 << 6;
    public const ulong Write = 1 << 7;
    public const ulong AccessFlag = 1 << 10;
    public const ulong Contiguous = 1UL << 52;
    public const ushort Vmid = 5;
    public static readonly Hcr GuestHcr = new Hcr(0).With(HcrBits.Vm | HcrBits.Rw);

    /// <summary>EL1h in AArch64.</summary>
    public static readonly Spsr El1 = new(5);
    public static readonly Spsr El0 = new(0);
    private readonly TestPhysicalMemory _memory;

    public CheckedWorld(int cores = 2, bool isDirect = true, TranslationFeatures features = TranslationFeatures.None)
    {
        _memory = new TestPhysicalMemory(Root, 0x20000, isDirect);
        Checker = new ArchitectureChecker(_memory, cores) { Features = features };
        Data = Checker.CheckData(_memory);
        Code = Checker.CheckCode(_memory);
        Cores = [.. Enumerable.Range(0, cores).Select(i => Checker.Check(i, new RecordingEl2Operations()))];

        // 1 GB in a table, of which 2 MB are pages and 2 MB a block; 40 bits less one, so that one root table will do.
        this[Root] = Level2 | TableBit | Valid;
        this[Level2] = Level3 | TableBit | Valid;
        this[Level2 + 8] = 0x4020_0000 | Block;
        for (ulong i = 0; i < 512; i++)
        {
            this[Level3 + (i * 8)] = (0x4000_0000 + (i << 12)) | Page;
        }

        this[OtherRoot] = 0x8000_0000 | Block;
        foreach (IEl2Operations core in Cores)
        {
            Install(core, Root, Vmid);
        }

        for (int i = 0; i < cores; i++)
        {
            Enter(i);
            Exit(i);
        }
    }

    public ArchitectureChecker Checker { get; }

    public IPhysicalMemory Code { get; }

    public IPhysicalMemory Data { get; }

    public IReadOnlyList<IEl2Operations> Cores { get; }

    public IEl2Operations Core => Cores[0];

    public IEnumerable<ArchitectureRule> Rules => Checker.Violations.Select(static violation => violation.Rule).Distinct();

    public ulong this[ulong address]
    {
        get => _memory[address];
        set
        {
            byte[] bytes = new byte[8];
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
            _memory.Write(new Pa(address), bytes);
        }
    }

    public static ulong Entry(int index) => Level3 + ((ulong)index * 8);

    public static void Install(IEl2Operations core, ulong root, ushort vmid)
    {
        core.WriteSystemRegister(SystemRegister.VtcrEl2, Vtcr.Create(25, 1, GranuleSize.Size4K, 2).Value);
        core.WriteSystemRegister(SystemRegister.VttbrEl2, Vttbr.Create(new Pa(root), vmid).Value);
        core.Isb();
        core.WriteSystemRegister(SystemRegister.HcrEl2, GuestHcr.Value);
        core.Isb();
    }

    public void Enter(int core = 0) => Checker.GuestEntered(core, El1);

    public void Exit(int core = 0) => Checker.GuestExited(core);

    /// <summary>A guest runs for a moment.</summary>
    public void Visit(int core = 0)
    {
        Enter(core);
        Exit(core);
    }

    /// <summary>Removes what TLBs hold of a page, as the architecture wants it.</summary>
    public void Maintain(ulong ipa = 0, IEl2Operations? by = null)
    {
        IEl2Operations core = by ?? Core;
        core.Dsb(BarrierOption.Ishst);
        core.Tlbi(TlbiOperation.Ipas2E1Is, ipa >> 12);
        core.Dsb(BarrierOption.Ish);
        core.Tlbi(TlbiOperation.Vmalle1Is, 0);
        core.Dsb(BarrierOption.Ish);
        core.Isb();
    }

    /// <summary>The first core does one thing after the other.</summary>
    public void Do(params ReadOnlySpan<Step> steps)
    {
        foreach (Step step in steps)
        {
            step(Core);
        }
    }

    /// <summary>Replaces an instruction.</summary>
    public void Replace(uint word)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, word);
        Code.Write(new Pa(CodePage), bytes);
    }

    /// <summary>Makes caches forget the instruction that was replaced.</summary>
    public void MaintainCode()
    {
        Core.MaintainDataCache(DataCacheOperation.Cvau, new Pa(CodePage));
        Core.Dsb(BarrierOption.Ish);
        Core.InvalidateInstructionCache(InstructionCacheOperation.Ivau, new Pa(CodePage));
        Core.Dsb(BarrierOption.Ish);
    }
}
