using System;
using System.Globalization;

namespace HvIntrospect.Tooling.Symbols;

/// <summary>A name for an address or for a run of bytes.</summary>
/// <remarks>Immutable and thread-safe. The default value is an unnamed symbol at 0.</remarks>
public readonly struct Symbol : IEquatable<Symbol>
{
    private readonly string? _name;

    /// <summary>Makes a symbol.</summary>
    /// <param name="name">The name.</param>
    /// <param name="address">The address of its first byte.</param>
    /// <param name="size">Its size in bytes; 0 when unknown: then it reaches to the next symbol.</param>
    /// <param name="kind">What it stands for.</param>
    /// <param name="binding">How far its name is visible.</param>
    /// <param name="isAbsolute">True when the value is a number that a linker script or an assembler defines, which need not be an address.</param>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> is null.</exception>
    public Symbol(string name, Va address, ulong size, SymbolKind kind, SymbolBinding binding, bool isAbsolute = false)
        : this(name, address, size, kind, binding, isAbsolute, ulong.MaxValue)
    {
    }

    internal Symbol(string name, Va address, ulong size, SymbolKind kind, SymbolBinding binding, bool isAbsolute, ulong reach)
    {
        _name = name ?? throw new ArgumentNullException(nameof(name));
        Address = address;
        Size = size;
        Kind = kind;
        Binding = binding;
        IsAbsolute = isAbsolute;
        Reach = reach;
    }

    /// <summary>Gets the name.</summary>
    public string Name => _name ?? string.Empty;

    /// <summary>Gets the address of the first byte.</summary>
    public Va Address { get; }

    /// <summary>Gets the size in bytes, 0 when it is unknown.</summary>
    public ulong Size { get; }

    /// <summary>Gets what the symbol stands for.</summary>
    public SymbolKind Kind { get; }

    /// <summary>Gets how far the name is visible.</summary>
    public SymbolBinding Binding { get; }

    /// <summary>Gets a value indicating whether the address is a number that need not be an address: it has a name but nothing lies there.</summary>
    public bool IsAbsolute { get; }

    /// <summary>Gets the bytes that a symbol of unknown size covers at most, because the segment that it is in ends there.</summary>
    internal ulong Reach { get; }

    /// <summary>Compares for equality.</summary>
    /// <param name="left">One symbol.</param>
    /// <param name="right">The other symbol.</param>
    /// <returns>True when all public properties are the same.</returns>
    public static bool operator ==(Symbol left, Symbol right) => left.Equals(right);

    /// <summary>Compares for inequality.</summary>
    /// <param name="left">One symbol.</param>
    /// <param name="right">The other symbol.</param>
    /// <returns>True when a public property differs.</returns>
    public static bool operator !=(Symbol left, Symbol right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(Symbol other) =>
        Name == other.Name && Address == other.Address && Size == other.Size && Kind == other.Kind && Binding == other.Binding
        && IsAbsolute == other.IsAbsolute;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Symbol other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => unchecked((Address.GetHashCode() * 397) ^ StringComparer.Ordinal.GetHashCode(Name));

    /// <summary>Formats a place in the symbol.</summary>
    /// <param name="offset">Bytes from its first byte.</param>
    /// <returns><c>name</c> for offset 0, else for example <c>name+0x10</c>.</returns>
    public string ToString(ulong offset) => offset == 0 ? Name : Name + "+0x" + offset.ToString("x", CultureInfo.InvariantCulture);

    /// <summary>Gets the name.</summary>
    /// <returns>The name.</returns>
    public override string ToString() => Name;
}
