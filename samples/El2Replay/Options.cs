using System.Collections.Generic;

namespace HvIntrospect.Samples.El2Replay;

/// <summary>What the command line asks for.</summary>
/// <param name="Files">The files of vectors; none for standard input.</param>
/// <param name="Limit">How many instructions a run of a guest may take.</param>
internal sealed record Options(IReadOnlyList<string> Files, ulong Limit);
