using System;

namespace HvIntrospect.Tooling.Loading;

/// <summary>An ELF file cannot be read or loaded.</summary>
public sealed class ElfFormatException : Exception
{
    /// <summary>Makes an exception without a reason.</summary>
    public ElfFormatException()
    {
    }

    /// <summary>Makes an exception with a message of its own.</summary>
    /// <param name="message">What is wrong.</param>
    public ElfFormatException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception with a message of its own and a cause.</summary>
    /// <param name="message">What is wrong.</param>
    /// <param name="innerException">The cause.</param>
    public ElfFormatException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Makes an exception from an error.</summary>
    /// <param name="error">What is wrong and where.</param>
    public ElfFormatException(ElfError error)
        : base(error.Message)
    {
        Error = error;
    }

    /// <summary>Gets what is wrong and where.</summary>
    public ElfError Error { get; }

    /// <summary>Gets what is wrong.</summary>
    public ElfErrorKind Kind => Error.Kind;
}
