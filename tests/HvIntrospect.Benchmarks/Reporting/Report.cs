using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;
using HvIntrospect.Peers;

namespace HvIntrospect.Benchmarks.Reporting;

/// <summary>Collects figures and writes them as a table and as JSON.</summary>
internal sealed class Report
{
    private readonly TextWriter _output;
    private readonly Dictionary<string, double> _figures = [];
    private readonly List<string> _skipped = [];

    public Report(TextWriter output)
    {
        _output = output;
    }

    /// <summary>Gets the figures so far.</summary>
    public IReadOnlyDictionary<string, double> Figures => _figures;

    /// <summary>Writes a line above the figures that follow.</summary>
    public void Section(string text) => _output.WriteLine($"{Environment.NewLine}{text}");

    /// <summary>Adds a figure.</summary>
    /// <param name="name">One of <see cref="FigureNames"/>.</param>
    /// <param name="value">Its value.</param>
    /// <param name="unit">Its unit.</param>
    /// <param name="note">What it is compared with or made of.</param>
    public void Add(string name, double value, string unit, string note)
    {
        if (!FigureNames.All.Contains(name))
        {
            throw new ArgumentException($"'{name}' is not the name of a figure.", nameof(name));
        }

        if (!double.IsFinite(value))
        {
            throw new ArgumentOutOfRangeException(nameof(value), value, $"'{name}' is not a number.");
        }

        _figures.Add(name, value);
        Row(name, value, unit, note);
    }

    /// <summary>Writes a line that belongs to a figure without being one.</summary>
    public void Detail(string name, double value, string unit, string note) => Row("  " + name, value, unit, note);

    /// <summary>Names a figure that cannot be measured because a peer is absent.</summary>
    public void Skip(string name, Peer peer)
    {
        _skipped.Add(name);
        _output.WriteLine($"  {name,-24} {"skipped",12}          {peer.AbsenceReason}");
    }

    /// <summary>Writes what was left out.</summary>
    public void Finish() => _output.WriteLine(_skipped.Count == 0
        ? $"{Environment.NewLine}{_figures.Count} figures."
        : $"{Environment.NewLine}{_figures.Count} figures, skipped: {string.Join(", ", _skipped)}.");

    /// <summary>Writes one object, name to number.</summary>
    public void WriteJson(Stream stream)
    {
        using Utf8JsonWriter writer = new(stream, new JsonWriterOptions { Indented = true });
        writer.WriteStartObject();
        foreach (string name in FigureNames.All.Where(_figures.ContainsKey))
        {
            writer.WriteNumber(name, Math.Round(_figures[name], 4));
        }

        writer.WriteEndObject();
    }

    private void Row(string name, double value, string unit, string note) =>
        _output.WriteLine($"  {name,-24} {value.ToString("0.00", CultureInfo.InvariantCulture),12} {unit,-8} {note}".TrimEnd());
}
