using System;

namespace HvIntrospect.Translation.Stage2;

/// <summary>A Stage 2 change could not be made.</summary>
/// <remarks>Every operation states what remains in that case.</remarks>
public sealed class Stage2Exception : Exception
{
    /// <summary>Makes the exception.</summary>
    public Stage2Exception()
        : this(default, "A Stage 2 change could not be made.")
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">What happened.</param>
    public Stage2Exception(string message)
        : this(default, message)
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">What happened.</param>
    /// <param name="innerException">The cause.</param>
    public Stage2Exception(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="kind">Why.</param>
    /// <param name="message">What happened.</param>
    public Stage2Exception(Stage2ErrorKind kind, string message)
        : base(message)
    {
        Kind = kind;
    }

    /// <summary>Gets the reason.</summary>
    public Stage2ErrorKind Kind { get; }
}
