using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using HvIntrospect.Tests.Support;
using Xunit;

namespace HvIntrospect.Tests.Interpreter.Vectors;

/// <summary>Guest payloads under a monitor at EL2: every exception, register and byte is what another implementation recorded.</summary>
public sealed class El2VectorTests : IDisposable
{
    private const int Reported = 20;
    private readonly Dictionary<(string Env, El2Core Core), El2World> _worlds = [];
    private readonly Dictionary<string, JsonElement> _environments = [];

    public El2VectorTests()
    {
        foreach (JsonElement line in VectorFiles.Find("el2").SelectMany(VectorFiles.Read).Where(line => line.TryGetProperty("desc", out _)))
        {
            _environments[line.GetProperty("env").GetString()!] = line;
        }
    }

    public void Dispose()
    {
        foreach (El2World world in _worlds.Values)
        {
            world.Dispose();
        }
    }

    [Theory]
    [InlineData("A.", 4300)]
    [InlineData("B.", 700)]
    [InlineData("C.", 40)]
    public void EveryObservationIsTheRecordedOne(string group, int atLeast)
    {
        int equal = 0;
        int played = 0;
        var failures = new List<string>();
        foreach (JsonElement line in Cases(group))
        {
            played++;
            string? difference = El2Case.Play(WorldOf(line), line);
            if (difference is null)
            {
                equal++;
            }
            else if (El2Deviations.Explain(line, difference) is null)
            {
                failures.Add(line.GetProperty("id").GetString() + ": " + difference);
            }
        }

        Assert.True(failures.Count == 0, $"{failures.Count} of {played} cases differ, {equal} are equal.\n{string.Join('\n', failures.Take(Reported))}");
        Assert.True(equal >= atLeast, $"Only {equal} cases are equal.");
    }

    [Fact]
    public void AWrongObservationIsNoticed()
    {
        int noticed = 0;
        JsonElement[] cases = [.. Cases("B.tda").Take(50)];
        foreach (JsonElement line in cases)
        {
            using JsonDocument wrong = JsonDocument.Parse(line.GetRawText().Replace("\"esr\":\"0x6", "\"esr\":\"0x7", StringComparison.Ordinal).Replace("\"esr\": \"0x6", "\"esr\": \"0x7", StringComparison.Ordinal));
            bool isChanged = wrong.RootElement.GetRawText() != line.GetRawText();
            noticed += isChanged ? 1 : 0;
            Assert.Equal(isChanged, El2Case.Play(WorldOf(line), wrong.RootElement) is not null);
        }

        Assert.True(noticed > 10);
    }

    private static IEnumerable<JsonElement> Cases(string group) => VectorFiles.Find("el2")
        .SelectMany(VectorFiles.Read)
        .Where(line => line.TryGetProperty("steps", out _) && line.GetProperty("cls").GetString()!.StartsWith(group, StringComparison.Ordinal))
        .Where(line => El2Deviations.SkipReason(line) is null);

    private El2World WorldOf(JsonElement line)
    {
        string env = line.GetProperty("env").GetString()!;
        var core = El2Core.Of(line);
        if (!_worlds.TryGetValue((env, core), out El2World? world))
        {
            world = new El2World(_environments[env], core.Features, core.AddressBits, threaded: core.AddressBits == 40);
            _worlds.Add((env, core), world);
        }

        return world;
    }
}
