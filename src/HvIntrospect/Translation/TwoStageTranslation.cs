using System;
using HvIntrospect.Registers;
using HvIntrospect.Translation.Stage2;

namespace HvIntrospect.Translation;

/// <summary>The outcome of a walk of both stages: a physical address with what both stages together say of it, or the exact fault.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public readonly struct TwoStageTranslation
{
    private readonly Stage1Translation _stage1;
    private readonly Stage2Translation _stage2;
    private readonly Outcome _outcome;

    private TwoStageTranslation(
        in Stage1Translation stage1,
        in Stage2Translation stage2,
        Outcome outcome,
        FaultStatus status = default,
        Pa pa = default,
        ulong size = 0,
        MemoryAttributes attributes = default,
        Shareability shareability = default,
        TranslationPermissions permissions = default)
    {
        _stage1 = stage1;
        _stage2 = stage2;
        _outcome = outcome;
        Status = status;
        Pa = pa;
        Size = size;
        Attributes = attributes;
        Shareability = shareability;
        Permissions = permissions;
    }

    [Flags]
    private enum Outcome : byte
    {
        None = 0,
        Fault = 1,
        OfStage2 = 2,
        OnWalk = 4,
        Mapped = 8,
    }

    /// <summary>Gets a value indicating whether the access faults.</summary>
    public bool IsFault => (_outcome & Outcome.Fault) != 0;

    /// <summary>Gets the fault status, with the level of the stage that faults. Meaningful when <see cref="IsFault"/>.</summary>
    public FaultStatus Status { get; }

    /// <summary>Gets a value indicating whether Stage 2 faults, so that the exception is taken to EL2.</summary>
    public bool IsStage2Fault => (_outcome & Outcome.OfStage2) != 0;

    /// <summary>Gets a value indicating whether Stage 2 faults at a descriptor of Stage 1 (S1PTW).</summary>
    public bool IsStage1Walk => (_outcome & Outcome.OnWalk) != 0;

    /// <summary>Gets the IPA at which Stage 2 faults, which HPFAR_EL2 names: that of a Stage 1 descriptor when <see cref="IsStage1Walk"/>, else that of the byte. 0 without a fault of Stage 2.</summary>
    public Ipa FaultIpa => !IsStage2Fault ? default : IsStage1Walk ? _stage1.DescriptorAddress : _stage1.Ipa;

    /// <summary>Gets a value indicating whether the byte is mapped by both stages, so that <see cref="Pa"/> and what follows it are valid: without a fault, and after an Access flag or Permission fault of Stage 2 that is not on a Stage 1 walk.</summary>
    public bool IsMapped => (_outcome & Outcome.Mapped) != 0;

    /// <summary>Gets the IPA of the byte. Valid unless Stage 1 faults or <see cref="IsStage1Walk"/>.</summary>
    public Ipa Ipa => _stage1.Ipa;

    /// <summary>Gets the physical address of the byte; 0 when it is not mapped.</summary>
    public Pa Pa { get; }

    /// <summary>Gets the size in bytes of the naturally aligned range that both stages translate as one, which is the smaller of their blocks or pages; 0 when the byte is not mapped.</summary>
    public ulong Size { get; }

    /// <summary>Gets the type and cacheability that both stages, HCR_EL2.CD, ID, DC and FWB give to the access.</summary>
    public MemoryAttributes Attributes { get; }

    /// <summary>Gets the shareability of the access.</summary>
    public Shareability Shareability { get; }

    /// <summary>Gets what both stages permit.</summary>
    public TranslationPermissions Permissions { get; }

    /// <summary>Gets what Stage 1 found.</summary>
    public Stage1Translation Stage1 => _stage1;

    /// <summary>Gets what Stage 2 found: of the Stage 1 descriptor when <see cref="IsStage1Walk"/>, else of the byte. The default value where Stage 2 is off or was not reached.</summary>
    public Stage2Translation Stage2 => _stage2;

    /// <summary>Gets what PAR_EL1 holds after AT S12E1* or S12E0*.</summary>
    /// <returns>The value.</returns>
    public Par ToPar() => IsFault
        ? Par.FromFault(Status, IsStage2Fault, IsStage1Walk)
        : Par.FromTranslation(Pa.Value, Attributes.Value, (int)Shareability);

    /// <summary>Formats the translation or the fault.</summary>
    /// <returns>For example <c>0x80001000 (Normal 0xff, InnerShareable)</c> or <c>Stage 2: Translation, level 3 on a Stage 1 walk at IPA 0x40002000</c>.</returns>
    public override string ToString() =>
        !IsFault ? Pa + " (" + Attributes + ", " + Shareability + ")"
        : !IsStage2Fault ? "Stage 1: " + _stage1
        : "Stage 2: " + Status + (IsStage1Walk ? " on a Stage 1 walk" : string.Empty) + " at IPA " + FaultIpa;

    internal static TwoStageTranslation Stage1Fault(in Stage1Translation stage1) => new(stage1, default, Outcome.Fault, stage1.Status);

    internal static TwoStageTranslation WalkFault(in Stage1Translation stage1, in Stage2Translation stage2, FaultStatus status) =>
        new(stage1, stage2, Outcome.Fault | Outcome.OfStage2 | Outcome.OnWalk, status);

    internal static TwoStageTranslation Stage2Fault(in Stage1Translation stage1, in Stage2Translation stage2) =>
        new(stage1, stage2, Outcome.Fault | Outcome.OfStage2, stage2.Status);

    internal static TwoStageTranslation Found(in Stage1Translation stage1, in Stage2Translation stage2) => new(stage1, stage2, Outcome.None);

    /// <summary>Gets this outcome with where the byte lies.</summary>
    internal TwoStageTranslation At(Pa pa, ulong size, MemoryAttributes attributes, Shareability shareability, TranslationPermissions permissions) =>
        new(_stage1, _stage2, _outcome | Outcome.Mapped, Status, pa, size, attributes, shareability, permissions);
}
