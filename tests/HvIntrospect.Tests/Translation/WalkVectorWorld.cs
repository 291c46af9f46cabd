using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.Json;
using HvIntrospect.Registers;
using HvIntrospect.Translation;

namespace HvIntrospect.Tests.Translation;

/// <summary>One world of the class d vectors: random tables of both stages as an EL2 monitor set them up.</summary>
internal sealed class WalkVectorWorld
{
    private const ulong RamStart = 0x4000_0000;
    private const ulong RamEnd = 0x8000_0000;
    private const ulong ScratchStart = 0x4A00_0000;
    private const ulong ScratchEnd = ScratchStart + (64 << 12);

    private readonly Dictionary<ulong, ulong> _words = [];
    private readonly TwoStageWalker _walker;
    private TranslationRegisters _registers;

    public WalkVectorWorld(JsonElement world)
    {
        Cpu = world.GetProperty("cpu").GetString()!;
        var registers = new Dictionary<string, ulong>();
        foreach (JsonElement pair in world.GetProperty("sysregs").EnumerateArray())
        {
            registers[pair[0].GetString()!] = Hex(pair[1]);
        }

        foreach (JsonElement pair in world.GetProperty("mem").EnumerateArray())
        {
            _words[Hex(pair[0])] = Hex(pair[1]);
        }

        (int bits, TranslationFeatures features) = Cpu switch
        {
            "cortex-a53" => (40, TranslationFeatures.None),
            "cortex-a72" => (44, TranslationFeatures.None),
            "neoverse-n1" => (48, TranslationFeatures.HPDS | TranslationFeatures.XNX | TranslationFeatures.HAFDBS),
            _ => (52, TranslationFeatures.HPDS | TranslationFeatures.XNX | TranslationFeatures.HAFDBS),
        };
        _registers.SctlrEl1 = registers["SCTLR_EL1"];
        _registers.TcrEl1 = registers["TCR_EL1"];
        _registers.Ttbr0El1 = registers["TTBR0_EL1"];
        _registers.Ttbr1El1 = registers["TTBR1_EL1"];
        _registers.MairEl1 = registers["MAIR_EL1"];
        var hcr = new Hcr(registers["HCR_EL2"]);
        _walker = new TwoStageWalker(new PhysicalBank(this), hcr, new Vtcr(registers["VTCR_EL2"]), new Vttbr(registers["VTTBR_EL2"]), bits, features);
        bool managesAccessFlag = new Tcr(registers["TCR_EL1"]).Has(TcrBits.Ha) || new Vtcr(registers["VTCR_EL2"]).HardwareAccessFlag;
        bool olderChoice = world.TryGetProperty("impl_choice", out _)
            && !world.GetProperty("on").EnumerateArray().Any(on => on.GetString()!.StartsWith("qemu-10", StringComparison.Ordinal));
        IsBeyondSoftware = managesAccessFlag || (hcr.Has(HcrBits.Ptw) && !hcr.Has(HcrBits.Vm | HcrBits.Dc)) || olderChoice
            || world.TryGetProperty("alt", out _) || world.TryGetProperty("qemu_wrong", out _);
    }

    public string Cpu { get; }

    /// <summary>
    /// Gets a value indicating whether the world cannot be compared: hardware changes descriptors there, which a software walk does not,
    /// the emulator protects walks although Stage 2 is off, which contradicts the architecture, or only its older version made this choice.
    /// </summary>
    public bool IsBeyondSoftware { get; }

    public static ulong Hex(JsonElement element) => ulong.Parse(element.GetString().AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    /// <summary>The scratch word at an address: HVC with a part of the address as its immediate.</summary>
    public static uint ScratchWord(ulong address) =>
        0xD400_0002 | ((((uint)(address >> 12) & 0x3F) << 10 | (uint)(address >> 2) & 0x3FF) << 5);

    public static bool IsScratch(ulong address) => address is >= ScratchStart and < ScratchEnd;

    public static bool IsRam(ulong address) => address is >= RamStart and < RamEnd;

    public TwoStageTranslation Translate(ulong va, Stage1Access access) => _walker.Translate(new Va(va), access, _registers);

    private sealed class PhysicalBank(WalkVectorWorld world) : IPhysicalMemory
    {
        public AtomicWidths CompareExchangeWidths => AtomicWidths.None;

        public Span<byte> GetSpan(Pa address, out Pa start)
        {
            start = default;
            return default;
        }

        public int Read(Pa address, Span<byte> destination)
        {
            if (!IsRam(address.Value) || destination.Length != 8 || (address.Value & 7) != 0)
            {
                return 0;
            }

            ulong word = IsScratch(address.Value)
                ? ScratchWord(address.Value) | ((ulong)ScratchWord(address.Value + 4) << 32)
                : world._words.GetValueOrDefault(address.Value);
            BinaryPrimitives.WriteUInt64LittleEndian(destination, word);
            return 8;
        }

        public int Write(Pa address, ReadOnlySpan<byte> source) => throw new InvalidOperationException("A walk writes nothing.");

        public CompareExchangeResult TryCompareExchange(
            Pa address, ReadOnlySpan<byte> expected, ReadOnlySpan<byte> replacement, Span<byte> observed) =>
            throw new InvalidOperationException("A walk writes nothing.");
    }
}
