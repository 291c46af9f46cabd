namespace HvIntrospect.Tooling.Tracing;

/// <summary>Decides whether a call is reported. Calls nested in one that is not are asked for on their own.</summary>
/// <param name="entry">The entry.</param>
/// <returns>True to report the call.</returns>
public delegate bool CallFilter(in CallEntry entry);
