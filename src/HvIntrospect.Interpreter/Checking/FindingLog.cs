using System;
using System.Collections.Generic;

namespace HvIntrospect.Interpreter.Checking;

/// <summary>The findings, of which the first are kept and all are counted.</summary>
internal sealed class FindingLog
{
    private readonly List<ArchitectureViolation> _kept = [];

    /// <summary>Raised for each finding.</summary>
    public event Action<ArchitectureViolation>? Found;

    /// <summary>Gets the number of all findings.</summary>
    public ulong Count { get; private set; }

    /// <summary>Copies those that were kept.</summary>
    /// <returns>At most <see cref="ArchitectureChecker.MostKept"/>.</returns>
    public ArchitectureViolation[] Copy() => [.. _kept];

    /// <summary>Takes a finding.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="core">The core.</param>
    /// <param name="detail">What was found.</param>
    public void Add(ArchitectureRule rule, int core, string detail)
    {
        var violation = new ArchitectureViolation(rule, core, detail);
        Count++;
        if (_kept.Count < ArchitectureChecker.MostKept)
        {
            _kept.Add(violation);
        }

        Found?.Invoke(violation);
    }
}
