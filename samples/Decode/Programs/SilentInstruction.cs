using HvIntrospect.Samples.Decode.Words;

namespace HvIntrospect.Samples.Decode.Programs;

/// <summary>An instruction whose Stage 2 abort carries no syndrome.</summary>
/// <param name="Address">Where it is, as the program was linked.</param>
/// <param name="Function">The function that it is in, or null.</param>
/// <param name="Offset">How far in it.</param>
/// <param name="Word">The instruction word.</param>
/// <param name="Text">Its text.</param>
/// <param name="Reason">Why there is no syndrome.</param>
/// <param name="Replacement">What to write instead.</param>
internal sealed record SilentInstruction(
    Va Address, string? Function, ulong Offset, uint Word, string Text, Silence Reason, Replacement Replacement);
