using System;
using System.Buffers.Binary;
using System.Linq;
using HvIntrospect.Interpreter;
using HvIntrospect.LoadStores;
using HvIntrospect.Registers;

namespace HvIntrospect.Tests.Differential;

/// <summary>A machine with a guest's Stage 1 set up for the test cases: code and data as normal memory at equal addresses, everything else absent.</summary>
internal sealed class GuestMachine : IDisposable
{
    private const ulong RamBase = 0x4000_0000;
    private const ulong RamSize = 0x20_0000;
    private const ulong Level1 = 0x4010_0000;
    private const ulong Level2 = 0x4010_1000;
    private const ulong Level3 = 0x4010_2000;
    private const ulong Vectors = 0x4010_3000;
    private const ulong CurrentLevelSynchronous = Vectors + 0x200;
    private const ulong LowerLevelSynchronous = Vectors + 0x400;

    // Valid, accessed, inner shareable, attribute 0; EL0 access to all; nobody writes code and nobody executes data.
    private const ulong PageAttributes = 0x703;
    private const ulong CodeAttributes = PageAttributes | (3ul << 6);
    private const ulong DataAttributes = PageAttributes | (1ul << 6) | (3ul << 53);
    private const ulong Table = 3;

    // A 4 GiB space of 4 KB pages in TTBR0, write-back and inner shareable, none in TTBR1.
    private const ulong Tcr = 32 | (1ul << 8) | (1ul << 10) | (3ul << 12) | (1ul << 23);
    private const ulong MairNormal = 0xff;
    private const ulong MairTagged = 0xf0;

    // MMU and caches on. Neither A nor SA: Unicorn does not check what they demand.
    private const ulong Sctlr = 0x30c5_0830 & ~0x18ul | 1 | (1ul << 2) | (1ul << 12);
    private const ulong FpEnabled = 3ul << 20;

    private const uint Flags = 0xf000_0000;

    /// <summary>What the base view has where the view has other frames: no valid descriptor and no instruction.</summary>
    private const byte Junk = 0x48;

    private static readonly ulong[] s_remapped =
        [.. Enumerable.Range(0, (int)(TestLayout.CodeSize / TestLayout.PageSize)).Select(static i => TestLayout.Code + ((ulong)i * TestLayout.PageSize)), Level1, Level2, Level3, Vectors, TestLayout.DeniedPage];

    private readonly bool _isBigEndian;
    private readonly ITagMemory? _tags;
    private readonly IGuestMemory _memory;

    /// <summary>Makes a machine.</summary>
    /// <param name="features">What it implements.</param>
    /// <param name="sctlrBits">Bits of SCTLR_EL1 that are set beside the usual ones. With ATA the memory is Tagged, and has the tags of <see cref="TestLayout.TagOf"/> before each case.</param>
    /// <param name="choices">What it does where the architecture leaves a choice; null for the default.</param>
    /// <param name="isInView">True for a machine of two vCPUs of which the first is in a view where code, tables and the middle page of the data are other frames.</param>
    public GuestMachine(A64Features features = A64Features.Armv8_0, ulong sctlrBits = 0, LoadStoreChoices? choices = null, bool isInView = false)
    {
        _isBigEndian = (sctlrBits & (ulong)SctlrBits.Ee) != 0;
        Machine = new Machine(new MachineOptions
        {
            RamBase = new Ipa(RamBase),
            RamSize = isInView ? 2 * RamSize : RamSize,
            Features = features,
            LoadStoreChoices = choices ?? LoadStoreChoices.Default,
            VcpuCount = isInView ? 2 : 1,
            MaximumViews = isInView ? 2 : 1,
        });
        Vcpu = Machine.Vcpus[0];
        _memory = isInView ? EnterView() : Machine.Memory;
        WriteDescriptor(Level1, RamBase >> 30, Level2 | Table);
        WriteDescriptor(Level2, 0, Level3 | Table);
        MapPages(TestLayout.Code, TestLayout.CodeSize, CodeAttributes);
        MapPages(TestLayout.Data, TestLayout.DataSize, DataAttributes);
        MapPages(Vectors, TestLayout.PageSize, CodeAttributes);

        ref TranslationRegisters translation = ref Vcpu.ModifyTranslation();
        translation.Ttbr0El1 = Level1;
        bool isTagged = (sctlrBits & (ulong)SctlrBits.Ata) != 0;
        _tags = isTagged && Machine.TryGetCapability(out ITagMemory? tags) ? tags : null;
        translation.TcrEl1 = Tcr | (isTagged ? (ulong)TcrBits.Tbi0 : 0);
        translation.MairEl1 = isTagged ? MairTagged : MairNormal;
        translation.SctlrEl1 = Sctlr | sctlrBits;
        Vcpu.ModifyException().VbarEl1 = Vectors;
        Assert(Vcpu.TryGetCapability(out IEl2Operations? operations));
        operations!.WriteSystemRegister(SystemRegister.CpacrEl1, FpEnabled);
        if ((features & A64Features.THE) != 0)
        {
            foreach ((SystemRegister register, ulong value) in TestLayout.ReadCheckWrites)
            {
                operations.WriteSystemRegister(register, value);
            }
        }
    }

    public Machine Machine { get; }

    public Vcpu Vcpu { get; }

    /// <summary>Puts a case into memory and registers.</summary>
    public void Load(LoadStoreCase given)
    {
        Span<byte> word = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(word, given.Word);
        Assert(_memory.Write(new Ipa(given.Pc), word) == word.Length);
        WriteData(given.Memory);
        for (ulong granule = TestLayout.Data; _tags is not null && granule < TestLayout.DataEnd; granule += 16)
        {
            _tags.WriteTag(new Ipa(granule), TestLayout.TagOf(granule));
        }

        ref CoreRegisters core = ref Vcpu.ModifyCore();
        for (int i = 0; i < given.X.Length; i++)
        {
            core[i] = given.X[i];
        }

        core.Pc = new Va(given.Pc);
        core.Pstate = given.Pstate;
        core.Sp = given.Sp;
        ref VectorRegisters vector = ref Vcpu.ModifyVector();
        for (int i = 0; i < given.V.Length; i++)
        {
            vector[i] = new VectorRegister((ulong)given.V[i], (ulong)(given.V[i] >> 64));
        }
    }

    /// <summary>Reads what is there after the instruction; when the guest is at its vector, what the exception says.</summary>
    public Outcome Read(LoadStoreCase given)
    {
        ref readonly CoreRegisters core = ref Vcpu.Core;
        Outcome outcome = new() { Sp = given.IsUser ? core.SpEl0 : core.SpEl1, Pc = core.Pc.Value, Nzcv = (uint)core.Pstate.Value & Flags };
        for (int i = 0; i < outcome.X.Length; i++)
        {
            outcome.X[i] = core[i];
        }

        for (int i = 0; i < outcome.V.Length; i++)
        {
            outcome.V[i] = new UInt128(Vcpu.Vector[i].High, Vcpu.Vector[i].Low);
        }

        ReadData(outcome.Memory);
        if (outcome.Pc == (given.IsUser ? LowerLevelSynchronous : CurrentLevelSynchronous))
        {
            ReadException(given, outcome);
        }

        return outcome;
    }

    /// <summary>Gets the page of the frame that a machine in a view has behind an IPA, by its own IPA.</summary>
    public static Ipa FrameOf(ulong page) => new(page + RamSize);

    /// <summary>Tells whether the pages behind which the view has other frames are in the base view as they were.</summary>
    public bool IsBaseUntouched()
    {
        byte[] bytes = new byte[TestLayout.PageSize];
        return Array.TrueForAll(s_remapped, page => Machine.Memory.Read(new Ipa(page), bytes) == bytes.Length && Array.TrueForAll(bytes, static value => value == Junk));
    }

    public void Dispose() => Machine.Dispose();

    private static void Assert(bool condition)
    {
        if (!condition)
        {
            throw new InvalidOperationException("The test's own machine is broken.");
        }
    }

    private IGuestMemory EnterView()
    {
        byte[] junk = new byte[TestLayout.PageSize];
        Array.Fill(junk, Junk);
        HvIntrospect.Translation.Stage2.Stage2Views views = Machine.Stage2.Views;
        int view = views.Create();
        foreach (ulong page in s_remapped)
        {
            Assert(Machine.Memory.Write(new Ipa(page), junk) == junk.Length);
            views.Remap(view, new Ipa(page), Machine.Stage2.Walk(FrameOf(page)).Pa);
        }

        views.Activate(Vcpu, view);
        return views.MemoryOf(view);
    }

    private void ReadException(LoadStoreCase given, Outcome outcome)
    {
        ref readonly ExceptionRegisters exception = ref Vcpu.Exception;
        outcome.Pc = exception.ElrEl1;
        outcome.Nzcv = (uint)exception.SpsrEl1.Value & Flags;
        if (exception.EsrEl1.Class == ExceptionClass.MemoryOperation)
        {
            outcome.Fault = FaultKind.MemoryOperation;
            return;
        }

        if (exception.EsrEl1.Class == ExceptionClass.Unknown)
        {
            outcome.Fault = FaultKind.Undefined;
            return;
        }

        if (!exception.EsrEl1.TryGetDataAbort(out DataAbortSyndrome syndrome))
        {
            throw new InvalidOperationException($"{given} ended in the guest by {exception.EsrEl1}.");
        }

        outcome.Fault = syndrome.Status.Kind switch
        {
            HvIntrospect.Registers.FaultKind.Alignment => FaultKind.Alignment,
            HvIntrospect.Registers.FaultKind.TagCheck => FaultKind.TagCheck,
            HvIntrospect.Registers.FaultKind.UnsupportedExclusiveOrAtomic => FaultKind.Unsupported,
            HvIntrospect.Registers.FaultKind.Translation => FaultKind.Memory,
            HvIntrospect.Registers.FaultKind.Permission or HvIntrospect.Registers.FaultKind.SynchronousExternal => FaultKind.Injected,
            _ => throw new InvalidOperationException($"{given} ended in the guest by {exception.EsrEl1}."),
        };
        outcome.FaultAddress = exception.FarEl1;
        outcome.FaultIsWrite = syndrome.IsWrite;
    }

    // Page by page: a leg may have taken one away.
    private void WriteData(ReadOnlySpan<byte> bytes)
    {
        for (int offset = 0; offset < bytes.Length; offset += (int)TestLayout.PageSize)
        {
            _ = _memory.Write(new Ipa(TestLayout.Data + (ulong)offset), bytes.Slice(offset, (int)TestLayout.PageSize));
        }
    }

    private void ReadData(Span<byte> bytes)
    {
        for (int offset = 0; offset < bytes.Length; offset += (int)TestLayout.PageSize)
        {
            _ = _memory.Read(new Ipa(TestLayout.Data + (ulong)offset), bytes.Slice(offset, (int)TestLayout.PageSize));
        }
    }

    private void MapPages(ulong first, ulong size, ulong attributes)
    {
        for (ulong page = first; page < first + size; page += TestLayout.PageSize)
        {
            WriteDescriptor(Level3, (page - RamBase) / TestLayout.PageSize, page | attributes);
        }
    }

    private void WriteDescriptor(ulong table, ulong index, ulong descriptor)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, _isBigEndian ? BinaryPrimitives.ReverseEndianness(descriptor) : descriptor);
        Assert(_memory.Write(new Ipa(table + (index * sizeof(ulong))), bytes) == bytes.Length);
    }
}
