namespace HvIntrospect.Tests.Interpreter.Vectors;

/// <summary>A field whose recorded value is not the observed one. A value is null where the field is absent.</summary>
/// <param name="Path">The place: <c>steps/0/el1/esr</c>, <c>steps/1/0x48010040</c>, <c>at/3/par</c>, <c>acc/7/far</c>. Steps that observe nothing are not counted.</param>
/// <param name="Recorded">The text of the vectors.</param>
/// <param name="Observed">The text of the sample.</param>
internal readonly record struct Difference(string Path, string? Recorded, string? Observed)
{
    public override string ToString() => $"{Path}: recorded {Recorded ?? "nothing"}, observed {Observed ?? "nothing"}";
}
