using System;
using System.Collections.Generic;
using HvIntrospect.Samples.Shared;
using HvIntrospect.Tooling.Tables;
using HvIntrospect.Translation.Stage2;

namespace HvIntrospect.Samples.Stage2Dump;

/// <summary>Answers for programs: one JSON object a line.</summary>
internal sealed class JsonReport(ConsoleOutput console) : IReport
{
    private readonly JsonLines _lines = new(console);

    /// <inheritdoc/>
    public void OnGeometry(IReadOnlyList<(string Name, string Value)> facts)
    {
        _lines.Begin("geometry"u8);
        foreach ((string name, string value) in facts)
        {
            _lines.Json.WriteString(name, value);
        }

        _lines.End();
    }

    /// <inheritdoc/>
    public bool OnRanges(Stage2TableReader reader)
    {
        bool isComplete = Stage2Listing.WriteJson(console.Output, reader);
        console.Output.Flush();
        return isComplete;
    }

    /// <inheritdoc/>
    public void OnTranslation(Ipa address, in Stage2Translation found, ReadOnlySpan<Stage2WalkStep> steps)
    {
        _lines.Begin("translation"u8);
        _lines.WriteHex("ipa"u8, address.Value);
        if (found.IsFault)
        {
            _lines.Json.WriteString("fault"u8, found.Status.Kind.ToString());
        }

        _lines.Json.WriteNumber("level"u8, found.Level);
        if (found.IsMapped)
        {
            _lines.WriteHex("pa"u8, found.Pa.Value);
            _lines.WriteHex("size"u8, found.Size);
            _lines.Json.WriteString("attributes"u8, found.Attributes.ToString());
        }

        _lines.Json.WriteStartArray("walk"u8);
        foreach (Stage2WalkStep step in steps)
        {
            _lines.Json.WriteStartObject();
            _lines.Json.WriteNumber("level"u8, step.Level);
            _lines.WriteHex("at"u8, step.Address.Value);
            _lines.WriteHex("descriptor"u8, step.Descriptor, 16);
            _lines.Json.WriteEndObject();
        }

        _lines.Json.WriteEndArray();
        _lines.End();
    }

    /// <inheritdoc/>
    public void OnAlias(Pa target, in Stage2Range found)
    {
        _lines.Begin("alias"u8);
        _lines.WriteHex("pa"u8, target.Value);
        _lines.WriteHex("ipa"u8, found.Ipas.Start.Value);
        _lines.Json.WriteString("attributes"u8, found.Attributes.ToString());
        _lines.End();
    }

    /// <inheritdoc/>
    public void OnAliasesEnd(Pa target, long count, bool isComplete)
    {
        _lines.Begin("aliases"u8);
        _lines.WriteHex("pa"u8, target.Value);
        _lines.Json.WriteNumber("count"u8, count);
        _lines.Json.WriteBoolean("complete"u8, isComplete);
        _lines.End();
    }

    /// <inheritdoc/>
    public void Dispose() => _lines.Dispose();
}
