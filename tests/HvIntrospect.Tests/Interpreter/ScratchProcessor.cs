using System;
using System.Runtime.InteropServices;
using HvIntrospect.Interpreter;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.Memory;
using HvIntrospect.Interpreter.Mmu;
using HvIntrospect.Interpreter.Operations;
using HvIntrospect.Interpreter.State;
using HvIntrospect.Registers;

namespace HvIntrospect.Tests.Interpreter;

/// <summary>One processor on flat memory, with code at <see cref="CodeVa"/> and data at <see cref="DataVa"/>.</summary>
internal sealed unsafe class ScratchProcessor : IDisposable
{
    public const ulong CodeVa = 0x4000_0000;
    public const ulong DataVa = 0x4010_0000;
    public const ulong Size = 0x20_0000;
    private readonly DecodedPages _pages;

    public ScratchProcessor(bool threaded, A64Features features = A64Features.Armv8_0)
    {
        Memory = new PhysicalMemory();
        Memory.AddRam(CodeVa + FlatTranslator.PaOffset, Size);
        Filter = new InlineAccessFilter();
        Translator = new FlatTranslator(Filter);
        _pages = new DecodedPages(Memory, OperationTables.All, features, threaded);
        Processor = new Processor(Memory, Translator, _pages, Filter, new CoreSettings(A64Features.Armv8_0, 40, 0, new ShareabilityDomain(A64Features.Armv8_0)), threaded);
        State->Pc = CodeVa;
        State->System.VbarEl1 = CodeVa + 0x8_0000;
        State->System.CpacrEl1 = 3 << 20;
        DerivedState.Update(State);
    }

    public PhysicalMemory Memory { get; }

    public InlineAccessFilter Filter { get; }

    public FlatTranslator Translator { get; }

    public Processor Processor { get; }

    public CpuState* State => Processor.State;

    public void WriteWords(ulong va, params ReadOnlySpan<uint> words) =>
        Memory.Write(new Pa(va + FlatTranslator.PaOffset), MemoryMarshal.AsBytes(words));

    public void WriteBytes(ulong va, params ReadOnlySpan<byte> bytes) => Memory.Write(new Pa(va + FlatTranslator.PaOffset), bytes);

    public ulong Read(ulong va, int size)
    {
        ulong value = 0;
        Memory.Read(new Pa(va + FlatTranslator.PaOffset), MemoryMarshal.AsBytes(new Span<ulong>(ref value))[..size]);
        return value;
    }

    /// <summary>Executes exactly a number of instructions, unless an exception to EL2 comes before.</summary>
    public LeaveReason Execute(ulong count) => Processor.Execute(State->Retired + count);

    public void Dispose()
    {
        Processor.Dispose();
        _pages.Dispose();
        Memory.Dispose();
    }
}
