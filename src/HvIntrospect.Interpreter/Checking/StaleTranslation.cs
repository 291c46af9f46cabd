namespace HvIntrospect.Interpreter.Checking;

/// <summary>An entry of Stage 2 that was taken away or permits less now, and that TLBs may still hold.</summary>
internal sealed class StaleTranslation
{
    private MaintenanceStep _step;
    private MaintenanceMistakes _mistakes;
    private int _issuer;

    /// <summary>Initialises what has just been taken away.</summary>
    /// <param name="ipa">The first address that the entry translates.</param>
    /// <param name="size">The number of bytes that it translates.</param>
    /// <param name="level">The level of its table.</param>
    /// <param name="isTable">Whether it led to another table.</param>
    public StaleTranslation(ulong ipa, ulong size, int level, bool isTable)
    {
        Ipa = ipa;
        Size = size;
        Level = level;
        IsTable = isTable;
    }

    /// <summary>Gets the first address that the entry translates.</summary>
    public ulong Ipa { get; }

    /// <summary>Gets the number of bytes that it translates.</summary>
    public ulong Size { get; }

    /// <summary>Gets the level of its table.</summary>
    public int Level { get; }

    /// <summary>Gets a value indicating whether it led to another table.</summary>
    public bool IsTable { get; }

    /// <summary>Gets or sets a value indicating whether it was reported.</summary>
    public bool IsReported { get; set; }

    /// <summary>Gets or sets a value indicating whether only the Access flag of its entry was cleared since: TLBs may hold it, and nothing is wrong until the entry becomes another one.</summary>
    public bool IsAged { get; set; }

    /// <summary>Gets a value indicating whether no TLB holds it any more.</summary>
    public bool IsGone => _step == MaintenanceStep.Done;

    /// <summary>Gets the rule that is broken when it is relied on now.</summary>
    public ArchitectureRule Missing => _step switch
    {
        MaintenanceStep.Written => Has(MaintenanceMistakes.BeforeBarrier) ? ArchitectureRule.MissingBarrierBeforeInvalidation : ArchitectureRule.MissingInvalidationByIpa,
        MaintenanceStep.Published => Mistake(ArchitectureRule.MissingInvalidationByIpa),
        MaintenanceStep.IpaInvalidated or MaintenanceStep.IpaComplete => Has(MaintenanceMistakes.NotSeparated)
            ? ArchitectureRule.MissingBarrierBetweenInvalidations
            : Mistake(ArchitectureRule.MissingInvalidationOfCombined),
        _ => ArchitectureRule.MissingBarrierAfterInvalidation,
    };

    /// <summary>Follows a TLBI.</summary>
    /// <param name="invalidation">The instruction.</param>
    /// <param name="vmid">The VMID of the entry.</param>
    /// <param name="granuleShift">The logarithm of the size of its pages.</param>
    /// <param name="isOnlyCore">Whether there is but one core, so that a local one reaches all.</param>
    public void Follow(in Invalidation invalidation, ushort vmid, int granuleShift, bool isOnlyCore)
    {
        bool isHit = invalidation.ReachesStage2 || invalidation.Reaches(Ipa, Size);
        if (!isHit && !invalidation.ReachesCombined)
        {
            return;
        }

        MaintenanceMistakes mistake = invalidation.Vmid != vmid && !invalidation.IsOfEveryVmid ? MaintenanceMistakes.OtherVmid
            : !invalidation.IsBroadcast && !isOnlyCore ? MaintenanceMistakes.OnlyLocal
            : isHit && invalidation.IsLastLevelOnly && IsTable ? MaintenanceMistakes.LastLevelOnly
            : isHit && !invalidation.IsDefinedFor(granuleShift) ? MaintenanceMistakes.UndefinedRange
            : isHit && !invalidation.IsHintFor(Level, IsTable, granuleShift) ? MaintenanceMistakes.WrongLevel
            : isHit && _step == MaintenanceStep.Written ? MaintenanceMistakes.BeforeBarrier
            : invalidation.ReachesCombined && !isHit && _step == MaintenanceStep.IpaInvalidated ? MaintenanceMistakes.NotSeparated
            : MaintenanceMistakes.None;
        if (mistake != MaintenanceMistakes.None)
        {
            _mistakes |= mistake;
            return;
        }

        MaintenanceStep next = _step switch
        {
            MaintenanceStep.Published or MaintenanceStep.IpaInvalidated when isHit =>
                invalidation.ReachesCombined ? MaintenanceStep.AllInvalidated : MaintenanceStep.IpaInvalidated,
            MaintenanceStep.IpaComplete when invalidation.ReachesCombined => MaintenanceStep.AllInvalidated,
            _ => _step,
        };
        if (next != _step)
        {
            _step = next;
            _issuer = invalidation.Core;
        }
    }

    /// <summary>Follows a DSB.</summary>
    /// <param name="core">The core that executes it.</param>
    /// <param name="publishes">Whether walkers of all cores see the writes before it.</param>
    /// <param name="completes">Whether it completes the core's TLBIs.</param>
    public void Follow(int core, bool publishes, bool completes)
    {
        switch (_step)
        {
            case MaintenanceStep.Written when publishes:
                _step = MaintenanceStep.Published;
                break;
            case MaintenanceStep.IpaInvalidated when completes && core == _issuer:
                _step = MaintenanceStep.IpaComplete;
                break;
            case MaintenanceStep.AllInvalidated when completes && core == _issuer:
                _step = MaintenanceStep.Done;
                break;
            default:
                break;
        }
    }

    private bool Has(MaintenanceMistakes mistake) => (_mistakes & mistake) != 0;

    private ArchitectureRule Mistake(ArchitectureRule otherwise) =>
        Has(MaintenanceMistakes.OtherVmid) ? ArchitectureRule.InvalidationOfOtherVmid
        : Has(MaintenanceMistakes.OnlyLocal) ? ArchitectureRule.MissingBroadcast
        : Has(MaintenanceMistakes.UndefinedRange) ? ArchitectureRule.UndefinedRange
        : Has(MaintenanceMistakes.LastLevelOnly) ? ArchitectureRule.LastLevelInvalidationOfTable
        : Has(MaintenanceMistakes.WrongLevel) ? ArchitectureRule.WrongLevelHint
        : Has(MaintenanceMistakes.BeforeBarrier) ? ArchitectureRule.MissingBarrierBeforeInvalidation
        : otherwise;
}
