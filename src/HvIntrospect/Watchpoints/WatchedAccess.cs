namespace HvIntrospect.Watchpoints;

/// <summary>What watches are asked about: one element of an access, or the bytes that an access which cannot be performed may touch.</summary>
internal struct WatchedAccess
{
    /// <summary>Gets or sets the instruction's address.</summary>
    public Va Pc { readonly get; set; }

    /// <summary>Gets or sets the virtual address of the first byte.</summary>
    public Va Va { readonly get; set; }

    /// <summary>Gets or sets the IPA of the first byte.</summary>
    public Ipa Ipa { readonly get; set; }

    /// <summary>Gets or sets the IPA of the first byte in the second page; meaningful when <see cref="FirstSize"/> is less than <see cref="Size"/>.</summary>
    public Ipa SecondIpa { readonly get; set; }

    /// <summary>Gets or sets the size in bytes.</summary>
    public int Size { readonly get; set; }

    /// <summary>Gets or sets how many bytes lie in the first page.</summary>
    public int FirstSize { readonly get; set; }

    /// <summary>Gets or sets the instruction word.</summary>
    public uint Opcode { readonly get; set; }

    /// <summary>Gets or sets whether it is a read, a write or both.</summary>
    public WatchKinds Kind { readonly get; set; }

    /// <summary>Gets or sets a value indicating whether it is one element whose values are known.</summary>
    public bool IsExact { readonly get; set; }
}
