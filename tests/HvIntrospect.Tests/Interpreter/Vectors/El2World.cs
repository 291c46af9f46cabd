using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text.Json;
using HvIntrospect.Interpreter;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.Memory;
using HvIntrospect.Interpreter.Mmu;
using HvIntrospect.Interpreter.Operations;
using HvIntrospect.Interpreter.State;
using HvIntrospect.Registers;
using HvIntrospect.Translation;

namespace HvIntrospect.Tests.Interpreter.Vectors;

/// <summary>One vCPU in the memory of the EL2 vectors, with a monitor at EL2 that does what their steps say.</summary>
internal sealed unsafe class El2World : IDisposable
{
    private const ulong RamBase = 0x4000_0000;
    private const ulong RamLength = 0x4000_0000;
    private const ulong PageSize = 4096;
    private const ulong PatternFactor = 0x9E37_79B9_7F4A_7C15;
    private const ulong DefaultRegister = 0xC0DE_0000_0000_0000;
    private const ulong DefaultRegisterStep = 0x01_0101_0101;
    private const ulong DefaultVectorStep = 0x0101_0101_0101_0101;
    private readonly PhysicalMemory _memory = new();
    private readonly InlineAccessFilter _filter = new();
    private readonly DecodedPages _pages;
    private readonly ShareabilityDomain _domain;
    private readonly Processor _processor;
    private readonly El2Operations _operations;
    private readonly Dictionary<ulong, byte[]> _baseline = [];
    private readonly HashSet<ulong> _written = [];
    private readonly List<(ulong First, int Words)> _pattern = [];
    private readonly List<(SystemRegister Register, ulong Value)> _registers = [];

    public El2World(JsonElement env, A64Features features, int addressBits, bool threaded)
    {
        _memory.AddRam(RamBase, RamLength);
        _pages = new DecodedPages(_memory, OperationTables.All, features, threaded);
        _domain = new ShareabilityDomain(features);
        TranslationFeatures translation = ImpliedFeatures.Of(features, TranslationFeatures.None);
        var translator = new ArchitecturalTranslator(_memory, translation, addressBits, _filter);
        _processor = new Processor(_memory, translator, _pages, _filter, new CoreSettings(features, addressBits, 0, _domain, translation), threaded);
        _domain.Add(translator, Cpu);
        _operations = new El2Operations(_processor, translator, _domain);
        foreach (JsonElement pair in env.GetProperty("sysregs").EnumerateArray())
        {
            _registers.Add((Register(pair[0]), Number(pair[1])));
        }

        foreach (JsonElement word in env.GetProperty("mem").EnumerateArray())
        {
            Set(Number(word[0]), Number(word[1]));
        }

        foreach (JsonElement range in env.GetProperty("pattern").EnumerateArray())
        {
            ulong first = Number(range[0]);
            int words = range[1].GetInt32();
            _pattern.Add((first, words));
            for (int i = 0; i < words; i++)
            {
                Set(first + (ulong)(8 * i), (first + (ulong)(8 * i)) * PatternFactor);
            }
        }

        void Set(ulong pa, ulong value)
        {
            ulong page = pa & ~(PageSize - 1);
            if (!_baseline.TryGetValue(page, out byte[]? bytes))
            {
                bytes = new byte[PageSize];
                _baseline.Add(page, bytes);
            }

            MemoryMarshal.Write(bytes.AsSpan((int)(pa - page)), in value);
        }
    }

    public CpuState* Cpu => _processor.State;

    public static ulong Number(JsonElement text) => Number(text.GetString()!);

    public static ulong Number(string text) => ulong.Parse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    public static SystemRegister Register(JsonElement name) =>
        SystemRegister.TryParse(name.GetString(), out SystemRegister register) ? register : throw new FormatException("No register " + name.GetString());

    /// <summary>Puts memory, system registers and general registers back to the start of a case.</summary>
    public void Reset(JsonElement init)
    {
        foreach (ulong page in _written)
        {
            _memory.Write(new Pa(page), _baseline.GetValueOrDefault(page) ?? new byte[PageSize]);
        }

        _written.Clear();
        foreach ((ulong page, byte[] bytes) in _baseline)
        {
            _memory.TryGetPage(page, out RamPage ram);
            if (!new ReadOnlySpan<byte>(ram.Host, (int)PageSize).SequenceEqual(bytes))
            {
                _memory.Write(new Pa(page), bytes);
            }
        }

        ref SystemState system = ref Cpu->System;
        system = default;
        ResetState.Apply(Cpu, _processor.Settings);
        foreach ((SystemRegister register, ulong value) in _registers)
        {
            _operations.WriteSystemRegister(register, value);
        }

        _operations.Tlbi(TlbiOperation.Alle1, 0);
        for (int i = 0; i < 31; i++)
        {
            Cpu->X[i] = DefaultRegister + ((ulong)i * DefaultRegisterStep);
        }

        for (int i = 0; i < 64; i++)
        {
            Cpu->V[i] = DefaultVectorStep * (ulong)(i + 1);
        }

        foreach (JsonProperty register in init.GetProperty("x").EnumerateObject())
        {
            Cpu->X[int.Parse(register.Name, CultureInfo.InvariantCulture)] = Number(register.Value);
        }

        Cpu->Pc = Number(init.GetProperty("pc"));
        ProcessState.Write(Cpu, (uint)Number(init.GetProperty("spsr")));
        ProcessState.WriteSp(Cpu, 0, Number(init.GetProperty("sp_el0")));
        ProcessState.WriteSp(Cpu, 1, Number(init.GetProperty("sp_el1")));
        Cpu->MonitorSize = 0;
        Cpu->LeaveReason = LeaveReason.ExceptionToEl2;
    }

    public void Write(ulong pa, ReadOnlySpan<byte> bytes)
    {
        _memory.Write(new Pa(pa), bytes);
        for (ulong page = pa & ~(PageSize - 1); page < pa + (ulong)bytes.Length; page += PageSize)
        {
            _written.Add(page);
        }
    }

    public void WriteRegister(SystemRegister register, ulong value) => _operations.WriteSystemRegister(register, value);

    public ulong ReadRegister(SystemRegister register) => _operations.ReadSystemRegister(register);

    public void Tlbi(string operation, ulong operand)
    {
        string name = operation.EndsWith("IS", StringComparison.Ordinal) ? operation[..^2] + "Is" : operation;
        _operations.Tlbi(Enum.Parse<TlbiOperation>(name, ignoreCase: true), operand);
    }

    public LeaveReason Run()
    {
        const ulong Limit = 10_000;
        EventLoop.Enter(_processor);
        return EventLoop.Run(_processor, Cpu->Retired + Limit);
    }

    /// <summary>Gets the words of the patterned ranges that no longer hold the pattern.</summary>
    public SortedDictionary<ulong, ulong> MemoryDifference()
    {
        var difference = new SortedDictionary<ulong, ulong>();
        foreach ((ulong first, int words) in _pattern)
        {
            byte[] bytes = new byte[words * 8];
            _memory.Read(new Pa(first), bytes);
            ReadOnlySpan<ulong> values = MemoryMarshal.Cast<byte, ulong>(bytes);
            for (int i = 0; i < words; i++)
            {
                ulong pa = first + (ulong)(8 * i);
                if (values[i] != pa * PatternFactor)
                {
                    difference[pa] = values[i];
                }
            }
        }

        return difference;
    }

    public ulong[] GeneralRegisters() => [.. Enumerable.Range(0, 31).Select(i => Cpu->X[i])];

    public void Dispose()
    {
        _processor.Dispose();
        _pages.Dispose();
        _memory.Dispose();
    }
}
