using System;

namespace HvIntrospect.Tests.Differential;

/// <summary>A known difference between an executor and the architecture: which fields it touches, and when.</summary>
/// <param name="Reason">What the executor does.</param>
/// <param name="Fields">The fields that differ.</param>
/// <param name="Applies">Tells from the case and its outcome on the machine whether it is one of those.</param>
internal sealed record Deviation(string Reason, OutcomeFields Fields, Func<LoadStoreCase, Outcome, bool> Applies);
