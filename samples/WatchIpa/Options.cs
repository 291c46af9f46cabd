using System.Collections.Generic;

namespace HvIntrospect.Samples.WatchIpa;

/// <summary>What the command line asks for.</summary>
/// <param name="GuestPath">The guest's ELF file, or null for the guest inside the program.</param>
/// <param name="Watches">What to watch; empty for what the inner guest's story needs.</param>
/// <param name="MemorySize">Bytes of guest memory.</param>
/// <param name="Limit">The most instructions that the guest may retire, or null.</param>
/// <param name="IsJson">True to print JSON objects, one a line.</param>
/// <param name="IsInline">True to use the machine's inline filtering where it has it.</param>
internal sealed record Options(
    string? GuestPath, IReadOnlyList<WatchRequest> Watches, ulong MemorySize, ulong? Limit, bool IsJson, bool IsInline);
