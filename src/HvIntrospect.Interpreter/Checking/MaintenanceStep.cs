namespace HvIntrospect.Interpreter.Checking;

/// <summary>How far the maintenance of an entry that was taken away has come.</summary>
internal enum MaintenanceStep
{
    /// <summary>The descriptor was written; walkers may still see the old one.</summary>
    Written,

    /// <summary>A DSB has made it visible to all walkers; TLBs may hold the old one.</summary>
    Published,

    /// <summary>A TLBI by IPA was issued.</summary>
    IpaInvalidated,

    /// <summary>It is complete; combined entries may be left.</summary>
    IpaComplete,

    /// <summary>The TLBI that reaches the last entries was issued.</summary>
    AllInvalidated,

    /// <summary>It is complete.</summary>
    Done,
}
