using HvIntrospect.Watchpoints;

namespace HvIntrospect.Samples.WatchIpa;

/// <summary>Bytes to watch.</summary>
/// <param name="Name">What the user calls them.</param>
/// <param name="Range">The bytes.</param>
/// <param name="Kinds">The accesses to watch.</param>
internal sealed record WatchTarget(string Name, IpaRange Range, WatchKinds Kinds);
