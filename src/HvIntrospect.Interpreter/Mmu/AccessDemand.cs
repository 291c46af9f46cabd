namespace HvIntrospect.Interpreter.Mmu;

/// <summary>What is asked of a translation stage.</summary>
internal readonly struct AccessDemand
{
    /// <summary>Initialises the demand of an access.</summary>
    /// <param name="kind">The access.</param>
    /// <param name="el">The Exception level whose permissions count: 0 or 1.</param>
    /// <param name="pan">True when what EL0 may access is denied.</param>
    public AccessDemand(AccessKind kind, int el, bool pan)
        : this(NeededBy(kind, el), el, pan, WalkPurpose.Access, dirties: kind is AccessKind.Write or AccessKind.Modify)
    {
    }

    private AccessDemand(Stage2Access needed, int el, bool pan, WalkPurpose purpose, bool dirties)
    {
        Needed = needed;
        El = el;
        Pan = pan;
        Purpose = purpose;
        Dirties = dirties;
    }

    /// <summary>Gets the demand of a walk that the program did not ask for.</summary>
    public static AccessDemand Speculation => new(Stage2Access.None, 1, pan: false, WalkPurpose.Speculation, dirties: false);

    /// <summary>Gets the permissions that must be there.</summary>
    public Stage2Access Needed { get; }

    /// <summary>Gets a value indicating whether an instruction is fetched.</summary>
    public bool IsFetch => (Needed & Stage2Access.Execute) != 0;

    /// <summary>Gets the Exception level whose permissions count: 0 or 1.</summary>
    public int El { get; }

    /// <summary>Gets a value indicating whether what EL0 may access is denied.</summary>
    public bool Pan { get; }

    /// <summary>Gets what the walk is made for.</summary>
    public WalkPurpose Purpose { get; }

    /// <summary>Gets a value indicating whether a writable-clean descriptor becomes dirty. Cache maintenance makes none dirty, whatever it needs.</summary>
    public bool Dirties { get; }

    /// <summary>Makes the demand of an address translation instruction.</summary>
    /// <param name="isWrite">True for the forms that check a write.</param>
    /// <param name="el">The Exception level whose permissions count: 0 or 1.</param>
    /// <param name="pan">True when what EL0 may access is denied.</param>
    /// <returns>The demand.</returns>
    public static AccessDemand Probe(bool isWrite, int el, bool pan) =>
        new(isWrite ? Stage2Access.Write : Stage2Access.Read, el, pan, WalkPurpose.Probe, dirties: false);

    /// <summary>Gets the demand on the Stage 2 page of a Stage 1 table.</summary>
    /// <param name="updates">True when the walker writes a descriptor there.</param>
    /// <returns>The demand.</returns>
    public AccessDemand OnTable(bool updates) => new(updates ? Stage2Access.ReadWrite : Stage2Access.Read, 1, pan: false, Purpose, dirties: updates);

    private static Stage2Access NeededBy(AccessKind kind, int el) => kind switch
    {
        AccessKind.Read => Stage2Access.Read,
        AccessKind.Write or AccessKind.CacheInvalidation => Stage2Access.Write,
        AccessKind.Fetch => el == 0 ? Stage2Access.ExecuteEl0 : Stage2Access.ExecuteEl1,
        AccessKind.Modify => Stage2Access.ReadWrite,
        _ => el == 0 ? Stage2Access.Read : Stage2Access.None,
    };
}
