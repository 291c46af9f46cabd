using System;
using System.Collections.Generic;
using HvIntrospect.Translation.Stage2;

namespace HvIntrospect.Samples.Stage2Dump;

/// <summary>Receives the answers.</summary>
internal interface IReport : IDisposable
{
    /// <summary>Tells the facts of the geometry.</summary>
    /// <param name="facts">Names and values.</param>
    void OnGeometry(IReadOnlyList<(string Name, string Value)> facts);

    /// <summary>Writes all ranges.</summary>
    /// <param name="reader">Reads them.</param>
    /// <returns>False when the budget ended before.</returns>
    bool OnRanges(Stage2TableReader reader);

    /// <summary>Tells where an address leads, and by which descriptors.</summary>
    /// <param name="address">The address.</param>
    /// <param name="found">What the walk found.</param>
    /// <param name="steps">The descriptors.</param>
    void OnTranslation(Ipa address, in Stage2Translation found, ReadOnlySpan<Stage2WalkStep> steps);

    /// <summary>Tells one of the IPAs of a physical address.</summary>
    /// <param name="target">The physical address.</param>
    /// <param name="found">The part of a block or page.</param>
    void OnAlias(Pa target, in Stage2Range found);

    /// <summary>Tells that all IPAs of a physical address have been told.</summary>
    /// <param name="target">The physical address.</param>
    /// <param name="count">How many there were.</param>
    /// <param name="isComplete">False when the budget ended before.</param>
    void OnAliasesEnd(Pa target, long count, bool isComplete);
}
