namespace HvIntrospect.Introspection;

/// <summary>What an <see cref="Introspector"/> has done so far.</summary>
/// <remarks>A value; while vCPUs run its counters are not of one instant.</remarks>
public record struct IntrospectionStatistics
{
    /// <summary>Gets or sets the number of exits that were handed in.</summary>
    public long Exits { readonly get; set; }

    /// <summary>Gets or sets the number of instructions that were performed after an exit.</summary>
    public long Emulated { readonly get; set; }

    /// <summary>Gets or sets the number of instructions that were stepped because they could not be performed.</summary>
    public long Stepped { readonly get; set; }

    /// <summary>Gets or sets the number of calls of watch handlers.</summary>
    public long Events { readonly get; set; }

    /// <summary>Gets or sets the number of elements that some watch saw.</summary>
    public long WatchedAccesses { readonly get; set; }

    /// <summary>Gets or sets the number of accesses that were decided without an exit.</summary>
    public long InlineAccesses { readonly get; set; }

    /// <summary>Gets or sets the number of exits after which the guest simply executed its instruction again.</summary>
    public long Retries { readonly get; set; }

    /// <summary>Gets or sets the number of exceptions that were injected into the guest.</summary>
    public long Injected { readonly get; set; }
}
