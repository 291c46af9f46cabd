using System;
using System.Collections.Generic;
using System.IO;
using System.Text.Json;

namespace HvIntrospect.Samples.El2Replay;

/// <summary>Replays lines of the vectors: worlds are remembered, cases and worlds with queries are played. Compares nothing.</summary>
internal sealed class Replayer : IDisposable
{
    // Each has 1 GiB of address space, of which only what is touched is backed.
    private const int MaximumMachines = 24;

    private readonly ulong _limit;
    private readonly Dictionary<string, World> _worlds = [];
    private readonly Dictionary<(object World, Core Core), Monitor> _monitors = [];

    // Stands for the world that worlds with queries start from.
    private readonly object _queries = new();

    /// <param name="limit">How many instructions a run of a guest may take.</param>
    public Replayer(ulong limit)
    {
        _limit = limit;
        using Stream known = typeof(Replayer).Assembly.GetManifestResourceStream("envs.jsonl.gz")!;
        using var lines = new LineReader(known, "the known worlds");
        while (lines.TryRead(out ReadOnlyMemory<byte> line))
        {
            using JsonDocument document = JsonDocument.Parse(line);
            Remember(document.RootElement);
        }
    }

    /// <summary>Tells whether a line is a world that cases start from.</summary>
    public static bool IsWorld(JsonElement line) => line.TryGet("env", out _) && line.TryGet("sysregs", out _) && !line.TryGet("steps", out _);

    /// <summary>Remembers a world by the name in <c>env</c>; it replaces another one of that name.</summary>
    /// <exception cref="BadCaseException">A field is wrong; nothing is remembered.</exception>
    public void Remember(JsonElement line) => _worlds[line.Text("env")] = new World(line);

    /// <summary>Plays a case, or asks the queries of a world, and writes the members of an object: the <c>id</c> and what was observed.</summary>
    /// <exception cref="BadCaseException">A field is wrong; what was observed before is written, and the object can be ended.</exception>
    public void Play(JsonElement line, Utf8JsonWriter json)
    {
        json.WriteString("id"u8, line.Text("id"));
        var core = Core.Of(line);
        if (line.TryGet("steps", out _))
        {
            string env = line.Text("env");
            World world = _worlds.TryGetValue(env, out World? known) ? known : throw new BadCaseException($"there is no world '{env}'");
            new CaseReplay(world, MonitorOf(world, core, world.Apply), _limit, json).Play(line);
        }
        else
        {
            new QueryReplay(new World(line), MonitorOf(_queries, core, QueryReplay.SetUp), _limit, json).Play(line);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Monitor monitor in _monitors.Values)
        {
            monitor.Dispose();
        }

        _monitors.Clear();
    }

    private Monitor MonitorOf(object world, Core core, Action<Monitor> setUp)
    {
        if (!_monitors.TryGetValue((world, core), out Monitor? monitor))
        {
            if (_monitors.Count == MaximumMachines)
            {
                Dispose();
            }

            monitor = new Monitor(core, setUp);
            _monitors.Add((world, core), monitor);
        }

        return monitor;
    }
}
