using HvIntrospect.Interpreter.Mmu;

namespace HvIntrospect.Interpreter.Operations.LoadStores;

/// <summary>The kind of a load or store of one general-purpose register, beyond what it moves and where.</summary>
internal interface IKind
{
    /// <summary>Gets a value indicating whether the permissions of EL0 count at EL1 too.</summary>
    static abstract bool IsUnprivileged { get; }

    /// <summary>Gets the flags of its access as a load.</summary>
    static abstract DataAccessFlags Flags { get; }

    /// <summary>Gets AR of the instruction syndrome, in place.</summary>
    static abstract uint Syndrome { get; }
}
