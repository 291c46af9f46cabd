using HvIntrospect.Registers;

namespace HvIntrospect.LoadStores;

/// <summary>What a load or store needs to know of the vCPU's state beside its operand registers.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public readonly struct LoadStoreEnvironment
{
    /// <summary>Makes an environment.</summary>
    /// <param name="pc">The instruction's address.</param>
    /// <param name="pstate">The process state; AArch64, EL0 or EL1.</param>
    /// <param name="sctlr">SCTLR_EL1.</param>
    /// <param name="hasUnalignedAtomics">True for cores with FEAT_LSE2.</param>
    /// <param name="choices">What is done where the architecture leaves a choice; null for the default.</param>
    /// <param name="tagChecks">Which accesses are checked against Allocation Tags; by default none.</param>
    /// <param name="isCore">True for the core itself, which takes the copies and sets of its own option alone; false for whoever performs what a core has found to be in order.</param>
    public LoadStoreEnvironment(
        Va pc, Spsr pstate, Sctlr sctlr, bool hasUnalignedAtomics = false, LoadStoreChoices? choices = null, TagCheckControls tagChecks = default, bool isCore = false)
    {
        bool user = pstate.ExceptionLevel == 0;
        Pc = pc;
        TagChecks = tagChecks;
        ChecksOption = isCore;
        Choices = choices ?? LoadStoreChoices.Default;
        IsPrivileged = !user;
        EnablesMemoryOperations = !user || sctlr.Has(SctlrBits.MscEn);
        AuthenticatesKeyA = sctlr.Has(SctlrBits.EnDa);
        AccessesTags = sctlr.Has(user ? SctlrBits.Ata0 : SctlrBits.Ata);
        AuthenticatesKeyB = sctlr.Has(SctlrBits.EnDb);
        IsBigEndian = sctlr.Has(user ? SctlrBits.E0e : SctlrBits.Ee);
        ChecksAlignment = sctlr.Has(SctlrBits.A);
        IsTranslated = sctlr.Has(SctlrBits.M);
        HasUnalignedAtomics = hasUnalignedAtomics;
        OrdersUnaligned = hasUnalignedAtomics && sctlr.Has(SctlrBits.NAa);
        ChecksStackAlignment = sctlr.Has(user ? SctlrBits.Sa0 : SctlrBits.Sa);
    }

    /// <summary>Gets the instruction's address, the base of literal loads.</summary>
    public Va Pc { get; }

    /// <summary>Gets a value indicating whether data is big-endian (SCTLR_EL1.EE at EL1, E0E at EL0).</summary>
    public bool IsBigEndian { get; }

    /// <summary>Gets a value indicating whether every unaligned access faults (SCTLR_EL1.A).</summary>
    public bool ChecksAlignment { get; }

    /// <summary>Gets a value indicating whether Stage 1 translates (SCTLR_EL1.M).</summary>
    public bool IsTranslated { get; }

    /// <summary>Gets a value indicating whether atomic, exclusive and ordered accesses need no alignment inside of 16 aligned bytes (FEAT_LSE2).</summary>
    public bool HasUnalignedAtomics { get; }

    /// <summary>Gets a value indicating whether ordered accesses need no alignment at all (SCTLR_EL1.nAA with FEAT_LSE2).</summary>
    public bool OrdersUnaligned { get; }

    /// <summary>Gets a value indicating whether a stack pointer that is not aligned to 16 bytes faults as a base register (SCTLR_EL1.SA at EL1, SA0 at EL0).</summary>
    public bool ChecksStackAlignment { get; }

    /// <summary>Gets a value indicating whether the guest is at EL1.</summary>
    public bool IsPrivileged { get; }

    /// <summary>Gets a value indicating whether CPY* and SET* are not UNDEFINED (SCTLR_EL1.MSCEn at EL0).</summary>
    public bool EnablesMemoryOperations { get; }

    /// <summary>Gets a value indicating whether Allocation Tags are accessed (SCTLR_EL1.ATA at EL1, ATA0 at EL0); otherwise they read as 0 and writes are ignored.</summary>
    public bool AccessesTags { get; }

    /// <summary>
    /// Gets a value indicating whether the main parts and epilogues of CPY* and SET* are in the form of <see cref="LoadStoreChoices.UsesOptionB"/>, and otherwise a Memory Copy and
    /// Memory Set exception; else either form is taken, as PSTATE.C says: that such an instruction trapped shows that its core takes it.
    /// </summary>
    public bool ChecksOption { get; }

    /// <summary>Gets which accesses are checked against Allocation Tags.</summary>
    public TagCheckControls TagChecks { get; }

    /// <summary>Gets a value indicating whether data key A authenticates addresses (SCTLR_EL1.EnDA); otherwise LDRAA takes its base as it is.</summary>
    public bool AuthenticatesKeyA { get; }

    /// <summary>Gets a value indicating whether data key B authenticates addresses (SCTLR_EL1.EnDB); otherwise LDRAB takes its base as it is.</summary>
    public bool AuthenticatesKeyB { get; }

    /// <summary>Gets what is done where the architecture leaves a choice.</summary>
    public LoadStoreChoices Choices { get; }
}
