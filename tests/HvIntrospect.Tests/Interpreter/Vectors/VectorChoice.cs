using System;

namespace HvIntrospect.Tests.Interpreter.Vectors;

/// <summary>Where the machine may differ from the recorded implementation: why, in which lines, and in which fields with which values.</summary>
internal sealed record VectorChoice(string Why, Func<VectorCase, bool> Applies, params AllowedField[] Fields);
