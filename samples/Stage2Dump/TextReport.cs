using System;
using System.Collections.Generic;
using System.Globalization;
using HvIntrospect.Samples.Shared;
using HvIntrospect.Tooling.Tables;
using HvIntrospect.Translation.Stage2;

namespace HvIntrospect.Samples.Stage2Dump;

/// <summary>Answers for people.</summary>
internal sealed class TextReport(ConsoleOutput console) : IReport
{
    /// <inheritdoc/>
    public void OnGeometry(IReadOnlyList<(string Name, string Value)> facts) => console.WriteTable("Stage 2", facts);

    /// <inheritdoc/>
    public bool OnRanges(Stage2TableReader reader) => Stage2Listing.WriteText(console.Output, reader);

    /// <inheritdoc/>
    public void OnTranslation(Ipa address, in Stage2Translation found, ReadOnlySpan<Stage2WalkStep> steps)
    {
        foreach (Stage2WalkStep step in steps)
        {
            console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"level {step.Level,2}  {step.Address}  0x{step.Descriptor:x16}"));
        }

        console.WriteLine($"{address} -> {(found.IsFault ? "fault: " : string.Empty)}{found}");
    }

    /// <inheritdoc/>
    public void OnAlias(Pa target, in Stage2Range found) => console.WriteLine($"{target} <- {found.Ipas.Start}  {found.Attributes}");

    /// <inheritdoc/>
    public void OnAliasesEnd(Pa target, long count, bool isComplete)
    {
        if (count == 0 || !isComplete)
        {
            console.WriteLine($"{target} <- {(isComplete ? "nothing" : "the budget ended before the tables did")}");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
