namespace HvIntrospect;

/// <summary>The outcome of a compare-exchange.</summary>
public enum CompareExchangeResult
{
    /// <summary>Memory held the expected value and now holds the new one.</summary>
    Exchanged,

    /// <summary>Memory held another value, which was returned; nothing was written.</summary>
    Different,

    /// <summary>Some of the bytes are absent; nothing was written and nothing returned.</summary>
    Absent,

    /// <summary>The width is not atomic here and could not be made so; nothing was written. Pause all vCPUs and write instead.</summary>
    NotAtomic,
}
