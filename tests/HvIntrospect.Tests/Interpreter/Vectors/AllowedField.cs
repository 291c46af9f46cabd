using System;

namespace HvIntrospect.Tests.Interpreter.Vectors;

/// <summary>A field that may have another value than the recorded one.</summary>
/// <param name="Name">The field below its step or query; a name that ends in * stands for all that begin so.</param>
/// <param name="Accepts">Tells whether an observed value is one of those that it may have.</param>
internal sealed record AllowedField(string Name, Func<VectorCase, Difference, bool> Accepts)
{
    /// <summary>Tells whether a path is this field's.</summary>
    public bool IsAt(string path)
    {
        int first = path.IndexOf('/', StringComparison.Ordinal);
        int second = path.IndexOf('/', first + 1);
        ReadOnlySpan<char> field = second < 0 ? path : path.AsSpan(second + 1);
        return Name.EndsWith('*') ? field.StartsWith(Name.AsSpan(0, Name.Length - 1)) : field.SequenceEqual(Name);
    }
}
