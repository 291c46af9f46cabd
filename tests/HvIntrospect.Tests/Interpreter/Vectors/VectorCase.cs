using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.Json;

namespace HvIntrospect.Tests.Interpreter.Vectors;

/// <summary>A recorded line, as the choices look at it.</summary>
/// <param name="json">The line.</param>
/// <param name="newer">For a line that only an older version gave: the line with the newer one's answers to the same case.</param>
internal sealed class VectorCase(JsonElement json, VectorCase? newer = null)
{
    public VectorCase? Newer => newer;

    public JsonElement Json => json;

    public string Id { get; } = json.GetProperty("id").GetString()!;

    public string Class { get; } = json.GetProperty("cls").GetString()!;

    public ulong StartPc => Number(json.GetProperty("init").GetProperty("pc").GetString());

    public ulong StartSpsr => Number(json.GetProperty("init").GetProperty("spsr").GetString());

    /// <summary>Gets the registers that payloads take for their addresses.</summary>
    public ulong[] Addresses => [.. json.GetProperty("init").GetProperty("x").EnumerateObject().Select(static register => Number(register.Value.GetString()))];

    public static ulong Number(string? text) => ulong.Parse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    public bool IsAsm(params string[] texts) =>
        json.TryGetProperty("asm", out JsonElement asm) && texts.Any(text => asm.GetString()!.Contains(text, StringComparison.OrdinalIgnoreCase));

    public bool IsId(string text) => Id.Contains(text, StringComparison.Ordinal);

    public bool IsChoice(params string[] texts) =>
        json.TryGetProperty("impl_choice", out JsonElement choice) && texts.Any(text => choice.GetString()!.Contains(text, StringComparison.Ordinal));

    /// <summary>Gets a field of an earlier step.</summary>
    public string? Recorded(string path) => Observations.FieldsOf(json).GetValueOrDefault(path);

    /// <summary>Gets the item that a path of a world with queries is about.</summary>
    public JsonElement Query(string path)
    {
        string[] parts = path.Split('/');
        return json.GetProperty(parts[0])[int.Parse(parts[1], CultureInfo.InvariantCulture)];
    }

    public ulong Register(string name) =>
        Number(json.GetProperty("sysregs").EnumerateArray().First(pair => pair[0].GetString() == name)[1].GetString());
}
