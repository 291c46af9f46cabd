using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using HvIntrospect.Registers;
using HvIntrospect.Tests.Support;
using Xunit;

namespace HvIntrospect.Tests.Interpreter.Vectors;

/// <summary>Guest payloads under a monitor at EL2: every exception, register and byte is what another implementation recorded.</summary>
public sealed class El2VectorTests : IDisposable
{
    private const int Reported = 20;
    private readonly Dictionary<(string Env, int AddressBits), El2World> _worlds = [];
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
    [InlineData("A.", 2400)]
    [InlineData("B.", 350)]
    [InlineData("C.", 40)]
    public void EveryObservationIsTheRecordedOne(string group, int atLeast)
    {
        int equal = 0;
        var failures = new List<string>();
        foreach (JsonElement line in Cases(group))
        {
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

        Assert.True(failures.Count == 0, $"{failures.Count} cases differ.\n{string.Join('\n', failures.Take(Reported))}");
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
        bool isSmall = line.GetProperty("on").EnumerateArray().Any(on => on.GetString()!.EndsWith("cortex-a53", StringComparison.Ordinal));
        int addressBits = isSmall ? 40 : 44;
        if (!_worlds.TryGetValue((env, addressBits), out El2World? world))
        {
            world = new El2World(_environments[env], A64Features.Armv8_0 | A64Features.CRC32, addressBits, threaded: isSmall);
            _worlds.Add((env, addressBits), world);
        }

        return world;
    }
}
