using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using HvIntrospect.Interpreter.Memory;
using HvIntrospect.Interpreter.Mmu;
using HvIntrospect.Interpreter.State;
using HvIntrospect.Registers;
using HvIntrospect.Translation;

namespace HvIntrospect.Tests.Interpreter.Mmu;

/// <summary>An MMU over RAM of its own, without an engine: what a walk needs of a vCPU and nothing more.</summary>
internal sealed unsafe class TranslationWorld : IDisposable
{
    public const ulong RamBase = 0x4000_0000;
    public const ulong RamLength = 0x4000_0000;

    private readonly List<ulong> _written = [];
    private readonly void* _tables;

    public TranslationWorld(A64Features features, int addressBits, TranslationFeatures translation = TranslationFeatures.None)
    {
        Memory.AddRam(RamBase, RamLength);
        Domain = new ShareabilityDomain(features);
        Translator = new ArchitecturalTranslator(Memory, ImpliedFeatures.Of(features, translation), addressBits, Filter);
        Cpu = (CpuState*)NativeMemory.AllocZeroed((nuint)sizeof(CpuState));
        _tables = NativeMemory.AllocZeroed(2 * ((nuint)sizeof(DataTlbEntry) * DataTlbEntry.Count + ((nuint)sizeof(FetchTlbEntry) * FetchTlbEntry.Count)));
        Cpu->DataTlbEl0 = (DataTlbEntry*)_tables;
        Cpu->DataTlbEl1 = Cpu->DataTlbEl0 + DataTlbEntry.Count;
        Cpu->FetchTlbEl0 = (FetchTlbEntry*)(Cpu->DataTlbEl1 + DataTlbEntry.Count);
        Cpu->FetchTlbEl1 = Cpu->FetchTlbEl0 + FetchTlbEntry.Count;
        Domain.Add(Translator, Cpu);
    }

    public PhysicalMemory Memory { get; } = new();

    public ArchitecturalTranslator Translator { get; }

    public InlineAccessFilter Filter { get; } = new();

    public ShareabilityDomain Domain { get; }

    public CpuState* Cpu { get; }

    /// <summary>Writes a word; where there is no RAM nothing happens, so that a walk that goes there gets an External abort.</summary>
    public void Write64(ulong pa, ulong value)
    {
        Memory.Write(new Pa(pa), MemoryMarshal.AsBytes(new ReadOnlySpan<ulong>(in value)));
        _written.Add(pa);
    }

    /// <summary>Makes everything that was written 0 again, and drops every translation.</summary>
    public void Clear()
    {
        ulong zero = 0;
        foreach (ulong pa in _written)
        {
            Memory.Write(new Pa(pa), MemoryMarshal.AsBytes(new ReadOnlySpan<ulong>(in zero)));
        }

        _written.Clear();
        Domain.Perform(Cpu, TlbiOperation.Alle1, 0);
    }

    public void SetRegister(string name, ulong value)
    {
        ref SystemState system = ref Cpu->System;
        switch (name)
        {
            case "HCR_EL2": system.HcrEl2 = value; break;
            case "VTCR_EL2": system.VtcrEl2 = value; break;
            case "VTTBR_EL2": system.VttbrEl2 = value; break;
            case "SCTLR_EL1": system.SctlrEl1 = value; break;
            case "TCR_EL1": system.TcrEl1 = value; break;
            case "TTBR0_EL1": system.Ttbr0El1 = value; break;
            case "TTBR1_EL1": system.Ttbr1El1 = value; break;
            case "MAIR_EL1": system.MairEl1 = value; break;
            case "SCTLR_EL2": system.SctlrEl2 = value; break;
            case "TCR_EL2": system.TcrEl2 = value; break;
            case "TTBR0_EL2": system.Ttbr0El2 = value; break;
            case "VBAR_EL1": system.VbarEl1 = value; break;
            default: throw new ArgumentOutOfRangeException(nameof(name), name, "Not a control of translation.");
        }
    }

    public void Dispose()
    {
        Memory.Dispose();
        NativeMemory.Free(_tables);
        NativeMemory.Free(Cpu);
    }
}
