namespace HvIntrospect;

/// <summary>One plain load or store of one general-purpose register, decoded, before it happens.</summary>
/// <remarks>A mutable record that is passed by reference; not thread-safe.</remarks>
public struct InlineAccess
{
    /// <summary>Gets or sets the instruction's address.</summary>
    public Va Pc { readonly get; set; }

    /// <summary>Gets or sets the virtual address of the first byte.</summary>
    public Va Va { readonly get; set; }

    /// <summary>Gets or sets the IPA of the first byte. All bytes lie in one page.</summary>
    public Ipa Ipa { readonly get; set; }

    /// <summary>Gets or sets the instruction word.</summary>
    public uint Opcode { readonly get; set; }

    /// <summary>Gets or sets the size in bytes: 1, 2, 4 or 8.</summary>
    public int Size { readonly get; set; }

    /// <summary>Gets or sets a value indicating whether it is a store.</summary>
    public bool IsWrite { readonly get; set; }

    /// <summary>Gets or sets the bytes in memory before the access as a little-endian number.</summary>
    public ulong OldData { readonly get; set; }

    /// <summary>Gets or sets the bytes that a store writes or a load returns, as a little-endian number. For <see cref="InlineAccessDecision.Replace"/> the handler changes it.</summary>
    public ulong NewData { readonly get; set; }
}
