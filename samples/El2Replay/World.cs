using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Text.Json;
using HvIntrospect.Registers;

namespace HvIntrospect.Samples.El2Replay;

/// <summary>A world that guests start from: system registers in the order in which they are written, words of memory, and the ranges whose words follow a pattern.</summary>
internal sealed class World
{
    private const ulong PatternFactor = 0x9E37_79B9_7F4A_7C15;

    // More than any world has, and little enough to be compared after each case.
    private const int MaximumPattern = 1 << 20;

    private readonly List<(SystemRegister Register, ulong Value)> _registers = [];
    private readonly List<(ulong Pa, ulong Value)> _words = [];
    private readonly List<(ulong Pa, int Length)> _pages = [];
    private readonly List<(ulong Pa, int Words)> _patterns = [];

    /// <summary>Reads <c>sysregs</c>, <c>mem</c>, and where they are given <c>pattern</c> and <c>pages</c>.</summary>
    public World(JsonElement json)
    {
        foreach (JsonElement item in json.Items("sysregs"))
        {
            JsonElement pair = Fields.Tuple(item, "sysregs", 2);
            _registers.Add((Register(pair[0].Text()), Fields.Hex(pair[1], "sysregs", ulong.MaxValue)));
        }

        foreach (JsonElement item in json.Items("mem"))
        {
            JsonElement pair = Fields.Tuple(item, "mem", 2);
            _words.Add((Fields.Hex(pair[0], "mem", ulong.MaxValue), Fields.Hex(pair[1], "mem", ulong.MaxValue)));
        }

        if (json.TryGet("pages", out _))
        {
            Add(json, "pages", _pages, (int)(Monitor.RamLength / 64));
        }

        if (json.TryGet("pattern", out _))
        {
            Add(json, "pattern", _patterns, MaximumPattern);
        }
    }

    public static SystemRegister Register(string? name) =>
        SystemRegister.TryParse(name, out SystemRegister register) ? register : throw new BadCaseException($"there is no system register '{name}'");

    /// <summary>Writes the world into a machine.</summary>
    public void Apply(Monitor monitor)
    {
        foreach ((ulong pa, int length) in _pages)
        {
            monitor.Write(pa, new byte[length]);
        }

        foreach ((ulong pa, ulong value) in _words)
        {
            monitor.Write(pa, MemoryMarshal.AsBytes(new ReadOnlySpan<ulong>(in value)));
        }

        foreach ((ulong pa, int words) in _patterns)
        {
            ulong[] values = new ulong[words];
            for (int i = 0; i < words; i++)
            {
                values[i] = PatternAt(pa, i);
            }

            monitor.Write(pa, MemoryMarshal.AsBytes<ulong>(values));
        }

        foreach ((SystemRegister register, ulong value) in _registers)
        {
            monitor.WriteRegister(register, value);
        }
    }

    /// <summary>Finds the words of the patterned ranges that no longer hold the pattern.</summary>
    public IEnumerable<(ulong Pa, ulong Value)> FindDifferences(Monitor monitor)
    {
        foreach ((ulong pa, int words) in _patterns)
        {
            ulong[] values = new ulong[words];
            monitor.Read(pa, MemoryMarshal.AsBytes(values.AsSpan()));
            for (int i = 0; i < words; i++)
            {
                if (values[i] != PatternAt(pa, i))
                {
                    yield return (pa + (8 * (ulong)i), values[i]);
                }
            }
        }
    }

    /// <summary>Finds the words of <c>mem</c> that have changed.</summary>
    public IEnumerable<(ulong Pa, ulong Value)> FindChanges(Monitor monitor)
    {
        ulong[] value = new ulong[1];
        foreach ((ulong pa, ulong old) in _words)
        {
            if (monitor.Read(pa, MemoryMarshal.AsBytes(value.AsSpan())) && value[0] != old)
            {
                yield return (pa, value[0]);
            }
        }
    }

    private static ulong PatternAt(ulong pa, int index) => (pa + (8 * (ulong)index)) * PatternFactor;

    private static void Add(JsonElement json, string name, List<(ulong Pa, int Count)> ranges, int maximum)
    {
        long sum = 0;
        foreach (JsonElement item in json.Items(name))
        {
            JsonElement pair = Fields.Tuple(item, name, 2);
            int count = (int)Fields.Hex(pair[1], name, (ulong)maximum);
            sum += count;
            ranges.Add((Fields.Hex(pair[0], name, ulong.MaxValue), count));
        }

        if (sum > maximum)
        {
            throw new BadCaseException($"'{name}' is more than {maximum} in all");
        }
    }
}
