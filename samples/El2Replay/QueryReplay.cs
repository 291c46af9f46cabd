using System;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text.Json;
using HvIntrospect.Registers;

namespace HvIntrospect.Samples.El2Replay;

/// <summary>Asks the queries of one world: address translations, and real accesses by code that lies in it.</summary>
internal sealed class QueryReplay
{
    private const ulong ScratchBase = 0x4A00_0000;
    private const int ScratchWords = 64 * 1024;
    private const int PageSize = 4096;
    private const uint Hvc = 0xD400_0002;
    private const uint Svc = 0xD400_0001;
    private const uint EndOfAccess = 0x7F;
    private const uint FirstVector = 0x100;
    private const ulong VectorsOffset = 0x800;
    private const ulong El1h = 0x3C5;
    private const ulong El0t = 0x3C0;

    // x3 is loaded and stored, x1 is the address.
    private static readonly (string Kind, ulong Offset)[] s_accesses =
        [("ldr", 0), ("str", 8), ("ldr-el0", 16), ("str-el0", 24), ("ldtr", 32), ("sttr", 40)];

    private static readonly uint[] s_code =
    [
        0xF940_0023, Hvc | (EndOfAccess << 5), 0xF900_0023, Hvc | (EndOfAccess << 5),
        0xF940_0023, Svc | (EndOfAccess << 5), 0xF900_0023, Svc | (EndOfAccess << 5),
        0xF840_0823, Hvc | (EndOfAccess << 5), 0xF800_0823, Hvc | (EndOfAccess << 5),
    ];

    private static readonly (SystemRegister Register, ulong Value)[] s_registers =
    [
        (SystemRegister.CptrEl2, 0x33FF), (SystemRegister.MdcrEl2, 0), (SystemRegister.CpacrEl1, 3UL << 20), (SystemRegister.MdscrEl1, 0),
    ];

    private static readonly byte[] s_scratch = MakeScratch();

    private readonly byte[] _scratch = new byte[s_scratch.Length];
    private readonly World _world;
    private readonly Monitor _monitor;
    private readonly ulong _limit;
    private readonly Utf8JsonWriter _json;

    public QueryReplay(World world, Monitor monitor, ulong limit, Utf8JsonWriter json)
    {
        _world = world;
        _monitor = monitor;
        _limit = limit;
        _json = json;
    }

    /// <summary>Makes what all worlds with queries have in common.</summary>
    public static void SetUp(Monitor monitor)
    {
        foreach ((SystemRegister register, ulong value) in s_registers)
        {
            monitor.WriteRegister(register, value);
        }

        monitor.Write(ScratchBase, s_scratch);
    }

    /// <summary>Asks the queries.</summary>
    /// <exception cref="BadCaseException">A field is wrong; the answers before are written.</exception>
    public void Play(JsonElement line)
    {
        if (line.TryGet("at", out _))
        {
            Enter(line);
            _json.WriteStartArray("at"u8);
            try
            {
                foreach (JsonElement query in line.Items("at"))
                {
                    Translate(Fields.Tuple(query, "at", 2));
                }
            }
            finally
            {
                _json.WriteEndArray();
            }

            WriteChanges();
        }

        if (line.TryGet("acc", out _))
        {
            Enter(line);
            ulong code = line.Hex("code_va");
            _json.WriteStartArray("acc"u8);
            try
            {
                foreach (JsonElement query in line.Items("acc"))
                {
                    Access(code, Fields.Tuple(query, "acc", 2));
                }
            }
            finally
            {
                _json.WriteEndArray();
            }
        }
    }

    private static byte[] MakeScratch()
    {
        byte[] bytes = new byte[ScratchWords * sizeof(uint)];
        Span<uint> words = MemoryMarshal.Cast<byte, uint>(bytes.AsSpan());
        for (int i = 0; i < words.Length; i++)
        {
            // The immediate tells the word: its page, and its place in the page.
            words[i] = Hvc | ((uint)i << 5);
        }

        return bytes;
    }

    private void Enter(JsonElement line)
    {
        _monitor.Reset();
        _world.Apply(_monitor);
        ulong code = line.Hex("code_pa");
        _monitor.Write(code, MemoryMarshal.AsBytes<uint>(s_code));
        for (uint i = 0; i < 16; i++)
        {
            uint word = Hvc | ((FirstVector + i) << 5);
            _monitor.Write(code + VectorsOffset + (i * 0x80), MemoryMarshal.AsBytes(new ReadOnlySpan<uint>(in word)));
        }

        _monitor.Tlbi("ALLE1", 0);
    }

    private void Translate(JsonElement query)
    {
        string operation = query[0].Text() ?? throw new BadCaseException("an operation of 'at' is not a string");
        ulong va = Fields.Hex(query[1], "at", ulong.MaxValue);
        ulong par = _monitor.TranslateAddress(operation, va);
        _json.WriteStartArray();
        _json.WriteStringValue(operation);
        _json.WriteStringValue(Observer.Text(va));
        _json.WriteStringValue(Observer.Text(par));
        _json.WriteEndArray();
    }

    // The walks of AT may have set Access flags and dirty states.
    private void WriteChanges()
    {
        (ulong Pa, ulong Value)[] changes = [.. _world.FindChanges(_monitor)];
        if (changes.Length != 0)
        {
            _json.WriteStartArray("mem_after_at"u8);
            foreach ((ulong pa, ulong value) in changes)
            {
                _json.WriteStartArray();
                _json.WriteStringValue(Observer.Text(pa));
                _json.WriteStringValue(Observer.Text(value));
                _json.WriteEndArray();
            }

            _json.WriteEndArray();
        }
    }

    private void Access(ulong code, JsonElement query)
    {
        string kind = query[0].Text() ?? throw new BadCaseException("a kind of 'acc' is not a string");
        ulong va = Fields.Hex(query[1], "acc", ulong.MaxValue);
        bool isFetch = kind is "fetch" or "fetch-el0";
        int index = Array.FindIndex(s_accesses, access => access.Kind == kind);
        if (!isFetch && index < 0)
        {
            throw new BadCaseException($"there is no access '{kind}'");
        }

        Prepare(isFetch ? va : code + s_accesses[index].Offset, va, kind.EndsWith("-el0", StringComparison.Ordinal));
        ExceptionRegisters before = _monitor.Exception;
        VcpuExit exit = _monitor.Run(_limit);
        _json.WriteStartArray();
        _json.WriteStringValue(kind);
        _json.WriteStringValue(Observer.Text(va));
        _json.WriteStartObject();
        WriteAnswer(exit, before);
        _json.WriteEndObject();
        _json.WriteEndArray();
        _monitor.Tlbi("ALLE1", 0);
        if (kind.StartsWith('s'))
        {
            RestoreScratch();
        }
    }

    // Each access finds the words as they were, whatever has been stored.
    private void RestoreScratch()
    {
        _monitor.Read(ScratchBase, _scratch);
        if (!_scratch.AsSpan().SequenceEqual(s_scratch))
        {
            for (int page = 0; page < s_scratch.Length; page += PageSize)
            {
                if (!_scratch.AsSpan(page, PageSize).SequenceEqual(s_scratch.AsSpan(page, PageSize)))
                {
                    _monitor.Write(ScratchBase + (ulong)page, s_scratch.AsSpan(page, PageSize));
                }
            }
        }
    }

    private void Prepare(ulong pc, ulong va, bool isEl0)
    {
        foreach (SystemRegister register in new[] { SystemRegister.EsrEl1, SystemRegister.FarEl1, SystemRegister.ElrEl1, SystemRegister.SpsrEl1 })
        {
            _monitor.WriteRegister(register, 0);
        }

        ref CoreRegisters core = ref _monitor.Modify();
        for (int i = 0; i < CoreRegisters.GeneralCount; i++)
        {
            core[i] = Monitor.DefaultGeneral(i);
        }

        core[1] = va;
        core.Pc = new Va(pc);
        core.Pstate = new Spsr(isEl0 ? El0t : El1h);
    }

    private void WriteAnswer(in VcpuExit exit, in ExceptionRegisters before)
    {
        if (exit.Kind != VcpuExitKind.Exception)
        {
            _json.WriteString("end"u8, exit.Kind == VcpuExitKind.Halted ? "wait"u8 : "limit"u8);
            return;
        }

        Observer.WriteSyndrome(_json, exit.Esr, _monitor.Core);
        if (exit.HasFar)
        {
            Observer.WriteHex(_json, "far"u8, exit.Far.Value);
        }

        if (exit.HasHpfar)
        {
            Observer.WriteHex(_json, "hpfar"u8, exit.Hpfar.Value);
        }

        if (_monitor.Core[3] != Monitor.DefaultGeneral(3))
        {
            Observer.WriteHex(_json, "x3"u8, _monitor.Core[3]);
        }

        if (Observer.IsChanged(before, _monitor.Exception))
        {
            Observer.WriteEl1(_json, _monitor.Exception);
        }
    }
}
