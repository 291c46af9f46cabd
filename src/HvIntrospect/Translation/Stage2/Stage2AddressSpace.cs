using System;
using HvIntrospect.Registers;

namespace HvIntrospect.Translation.Stage2;

/// <summary>The Stage 2 of one VM where the library owns it: its tables, its VMID, its guest memory, and the control over what is permitted.</summary>
/// <remarks>
/// What guards deny is denied through S2AP and XN only, never by unmapping: the output address stays in the descriptor, so
/// <see cref="Memory"/> sees the base view. The methods of the class itself change the base: what guards deny stays denied. Those of
/// <see cref="IStage2Control"/> are for the guards. Thread-safe: changes exclude each other; look-ups take no lock
/// while no change is being made, and wait for the end of one that is.
/// </remarks>
public sealed class Stage2AddressSpace : IStage2Control, IHardwareDirtyState, IDisposable
{
    private readonly ChangeGate _gate;
    private readonly Stage2Tables _tables;
    private readonly Stage2Views _views;
    private readonly Denials _denials = new();

    /// <summary>Makes an address space with nothing mapped.</summary>
    /// <param name="memory">Physical memory.</param>
    /// <param name="tablePages">Where table pages come from; no guest may reach them.</param>
    /// <param name="geometry">The shape of the tables.</param>
    /// <param name="vmid">The VMID; at most 255 unless the geometry has wide VMIDs. No other live tables may have it.</param>
    /// <param name="operations">What issues barriers and TLB maintenance: one core of the Inner Shareable domain that runs the vCPUs.</param>
    /// <param name="pause">
    /// Stops the vCPUs for each change, so that none meets a range that is absent for a moment or maintenance while it runs. Null where the cores take
    /// broadcast maintenance at any time, as hardware does, and the exits of that moment are handled.
    /// </param>
    /// <param name="cores">What all cores implement that run the vCPUs; null for what every core does.</param>
    /// <param name="maintainsCaches">
    /// True to maintain the caches for Normal memory that a guest is given, loses or may newly execute, one instruction for each line. False where the embedder does that, or its memory needs none: then
    /// it cleans memory to the Point of Coherency before it maps it (without HCR_EL2.FWB), makes written code visible to fetches, and cleans and invalidates what it reads after an unmap.
    /// </param>
    /// <param name="viewVmids">
    /// A VMID for each view that can exist beside the base view; none for no views. The guest's TLB maintenance is trapped where there are some.
    /// </param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">A VMID is too large, or given twice.</exception>
    /// <exception cref="Stage2Exception">There are no pages for the root, or they are not in memory; nothing was taken.</exception>
    public Stage2AddressSpace(
        IPhysicalMemory memory,
        ITablePages tablePages,
        Stage2Geometry geometry,
        ushort vmid,
        IEl2Operations operations,
        IPauseAll? pause = null,
        Stage2CoreFeatures? cores = null,
        bool maintainsCaches = false,
        ReadOnlySpan<ushort> viewVmids = default)
    {
        _gate = new ChangeGate(pause);
        _tables = new Stage2Tables(memory, tablePages, geometry, vmid, operations, cores, maintainsCaches);
        try
        {
            _views = new Stage2Views(this, _gate, _tables, memory, tablePages, operations, viewVmids);
        }
        catch
        {
            _tables.Dispose();
            throw;
        }

        Memory = new Stage2GuestMemory(this, memory, 0);
    }

    /// <summary>Gets the guest's memory by IPA, whatever is denied to the guest.</summary>
    public IGuestMemory Memory { get; }

    /// <summary>Gets the views beside the base view.</summary>
    public Stage2Views Views => _views;

    /// <summary>Gets the shape of the tables.</summary>
    public Stage2Geometry Geometry => _tables.Geometry;

    /// <summary>Gets the value for VTCR_EL2.</summary>
    public Vtcr Vtcr => _tables.Vtcr;

    /// <summary>Gets the value for VTTBR_EL2.</summary>
    public Vttbr Vttbr => _tables.Vttbr;

    /// <inheritdoc/>
    public Stage2AccessSupport Support => Stage2AccessSupport.WriteProtect | Stage2AccessSupport.NoAccess | Stage2AccessSupport.ExecuteOnly
        | Stage2AccessSupport.NoExecute | Stage2AccessSupport.FetchExits | Stage2AccessSupport.WalkExits
        | (_gate.Pauses ? Stage2AccessSupport.None : Stage2AccessSupport.LiveChange)
        | ((Geometry.Features & TranslationFeatures.XNX) != 0 ? Stage2AccessSupport.ExecuteByLevel : Stage2AccessSupport.None);

    /// <inheritdoc/>
    public ulong Granule => Geometry.Granule.Size;

    /// <inheritdoc/>
    public int MaximumRanges => int.MaxValue;

    /// <summary>
    /// Writes VTCR_EL2, VTTBR_EL2 and VM and FWB of HCR_EL2 of a core, so that the vCPU that it runs next is subject to the base view; and HCR_EL2.TTLB where there can
    /// be other views. Other bits of HCR_EL2 keep their values.
    /// </summary>
    /// <param name="operations">The core of a vCPU that does not run.</param>
    public void Install(IEl2Operations operations)
    {
        operations.WriteSystemRegister(SystemRegister.VtcrEl2, Vtcr.Value);
        operations.WriteSystemRegister(SystemRegister.VttbrEl2, Vttbr.Value);

        // Stage 2 must not be on with the registers of another VM, not even for a speculative walk.
        operations.Isb();
        var hcr = new Hcr(operations.ReadSystemRegister(SystemRegister.HcrEl2));
        hcr = hcr.With(_views.MaximumViews > 1 ? HcrBits.Vm | HcrBits.Ttlb : HcrBits.Vm).With(HcrBits.Fwb, Geometry.HasForcedWriteBack);
        operations.WriteSystemRegister(SystemRegister.HcrEl2, hcr.Value);
        operations.Isb();
    }

    /// <inheritdoc cref="Stage2Walker.Walk"/>
    public Stage2Translation Walk(Ipa address, Stage2Access access = Stage2Access.None)
    {
        int version = _gate.Version;
        if ((version & 1) == 0)
        {
            // A walk reads descriptors with acquire semantics, so the version is read after them.
            bool isPlain = _tables.Walker.TryWalkPlain(address.Value, access, out ulong slot, out ulong descriptor, out int shift);
            if (isPlain && _gate.IsStill(version))
            {
                return _tables.Walker.Mapped(address.Value, slot, descriptor, shift);
            }
        }

        return WalkByStep(address, access, version);
    }

    /// <summary>Finds where a byte of guest memory lies. A change that another thread makes is waited for; within one it is where the change takes it: memory is never absent for a moment.</summary>
    /// <param name="address">The IPA of the byte.</param>
    /// <returns>The translation, without regard to permissions.</returns>
    internal Stage2Translation WalkSettled(Ipa address)
    {
        Stage2Translation translation = Walk(address);
        return translation.IsInTransition ? _tables.Walker.WalkSettled(address.Value) : translation;
    }

    /// <inheritdoc cref="Stage2Tables.Map"/>
    public void Map(IpaRange range, Pa target, Stage2Attributes attributes, int firstLevel = 0, bool isContiguous = false)
    {
        using ChangeScope change = BeginChange();
        _tables.MapGuarded(range, target, attributes, firstLevel, isContiguous, change.DenialsIn(range, attributes.Permitted));
        change.Done(range, attributes.Permitted);
    }

    /// <inheritdoc cref="Stage2Tables.Unmap"/>
    public void Unmap(IpaRange range)
    {
        using ChangeScope change = BeginChange();
        _tables.Unmap(range);
        change.Done(range, Stage2Access.None);
    }

    /// <inheritdoc cref="Stage2Tables.SetAttributes"/>
    public void SetAttributes(IpaRange range, Stage2Attributes attributes)
    {
        using ChangeScope change = BeginChange();
        _tables.SetAttributesGuarded(range, attributes, change.DenialsIn(range, attributes.Permitted));
        change.Done(range, attributes.Permitted);
    }

    /// <inheritdoc cref="Stage2Tables.Remap"/>
    public void Remap(IpaRange range, Pa target)
    {
        using (BeginChange())
        {
            _tables.Remap(range, target);
        }
    }

    /// <inheritdoc cref="Stage2Tables.CollectAccessed"/>
    /// <exception cref="NotSupportedException">The geometry has no HAFDBS: each next access would be a fault.</exception>
    public int CollectAccessed(IpaRange range, Span<ulong> bitmap)
    {
        if (!Geometry.HasHardwareDirtyState)
        {
            throw new NotSupportedException("The geometry has no HAFDBS: hardware does not note accesses.");
        }

        using (BeginChange())
        {
            return _tables.CollectAccessed(range, bitmap);
        }
    }

    /// <inheritdoc cref="Stage2Tables.Split"/>
    public void Split(IpaRange range)
    {
        using (BeginChange())
        {
            _tables.Split(range);
        }
    }

    /// <inheritdoc cref="Stage2Tables.Protect"/>
    public void Protect(IpaRange range, Stage2Access access)
    {
        using ChangeScope change = BeginChange();
        _tables.ProtectGuarded(range, access, change.DenialsIn(range, access));
        change.Done(range, access);
    }

    /// <inheritdoc/>
    /// <exception cref="Stage2Exception">A block had to be split and there are not enough table pages; nothing was changed.</exception>
    void IStage2Control.Protect(IpaRange range, Stage2Access access)
    {
        using (BeginOwnChange())
        {
            _tables.Protect(range, access);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="Stage2Exception">There are not enough table pages; nothing was changed.</exception>
    void IStage2Control.Split(IpaRange range)
    {
        if (TryClip(range, out IpaRange mappable))
        {
            using (BeginOwnChange())
            {
                _tables.Split(mappable);
            }
        }
    }

    /// <inheritdoc/>
    void IStage2Control.SetGuards(IStage2Guards? guards)
    {
        if (!_gate.TrySetGuards(guards))
        {
            throw new InvalidOperationException("The pages of this address space are guarded already; whoever guards them is to be disposed first.");
        }
    }

    /// <inheritdoc/>
    /// <remarks>Not where there can be views: each has entries of its own, in which hardware would note its writes.</remarks>
    bool IHardwareDirtyState.IsHardwareDirtyStateUsable => Geometry.HasHardwareDirtyState && _views.MaximumViews == 1;

    /// <inheritdoc/>
    void IHardwareDirtyState.StartDirtyState(IpaRange range)
    {
        if (TryClip(range, out IpaRange mappable))
        {
            using (BeginOwnChange())
            {
                _tables.StartLog(mappable);
            }
        }
    }

    /// <inheritdoc/>
    void IHardwareDirtyState.ContinueDirtyState(IpaRange range)
    {
        if (TryClip(range, out IpaRange mappable))
        {
            using (BeginOwnChange())
            {
                _tables.ContinueLog(mappable);
            }
        }
    }

    /// <inheritdoc/>
    void IHardwareDirtyState.StopDirtyState(IpaRange range)
    {
        if (TryClip(range, out IpaRange mappable))
        {
            using (BeginOwnChange())
            {
                _tables.StopLog(mappable);
            }
        }
    }

    /// <inheritdoc/>
    void IHardwareDirtyState.CollectDirtyState(IpaRange range, Span<ulong> bitmap)
    {
        bitmap.Clear();
        if (TryClip(range, out IpaRange mappable))
        {
            using (BeginOwnChange())
            {
                _tables.CollectWritten(mappable, bitmap);
            }
        }
    }

    /// <summary>Merges tables that a change made of blocks back into blocks where all of their pages have become uniform again.</summary>
    /// <param name="range">The range whose surroundings are examined, aligned to <see cref="Granule"/> at both ends. What lies beyond the tables' input size has none.</param>
    public void Coalesce(IpaRange range)
    {
        if (TryClip(range, out IpaRange mappable))
        {
            using (BeginChange())
            {
                _tables.Merge(mappable, onlySplitBlocks: true);
            }
        }
    }

    /// <inheritdoc/>
    public bool TryGetMapping(Ipa address, out Stage2MappingInfo mapping)
    {
        Stage2Translation translation = Walk(address);
        mapping = _tables.Describe(address, translation);
        return translation.IsMapped;
    }

    /// <summary>Makes the tables empty, invalidates the VMID and gives the table pages back. No vCPU may run on the tables.</summary>
    public void Dispose()
    {
        using (BeginOwnChange())
        {
            _views.Clear();
            _tables.Dispose();
        }
    }

    /// <summary>Tells the guards that guest memory was written by its IPA.</summary>
    /// <param name="range">The bytes.</param>
    internal void OnWritten(IpaRange range) => _gate.Guards?.Written(range);

    /// <summary>Cuts off what lies beyond the tables' input size.</summary>
    private bool TryClip(IpaRange range, out IpaRange mappable)
    {
        bool isMappable = range.Start.Value <= LastInput;
        ulong rest = isMappable ? LastInput - range.Start.Value + 1 : 0;
        mappable = !isMappable ? default : range.Length <= rest ? range : new IpaRange(range.Start, rest);
        return isMappable;
    }

    private ulong LastInput => ulong.MaxValue >> (64 - Geometry.InputBits);

    private Stage2Translation WalkByStep(Ipa address, Stage2Access access, int version)
    {
        Stage2Translation translation = _tables.Walker.WalkByStep(address.Value, access);
        if (_gate.IsStill(version))
        {
            return translation;
        }

        lock (_gate.Lock)
        {
            return _tables.Walker.WalkByStep(address.Value, access);
        }
    }

    /// <summary>Begins a change that guards must know of.</summary>
    private ChangeScope BeginChange()
    {
        IStage2Guards? guards = _gate.Guards;
        guards?.BeginChange();
        return Begin(guards);
    }

    /// <summary>Begins a change that is made by the guards themselves.</summary>
    private ChangeScope BeginOwnChange() => Begin(null);

    private ChangeScope Begin(IStage2Guards? guards)
    {
        _gate.Enter();
        return new ChangeScope(this, guards);
    }

    private readonly ref struct ChangeScope
    {
        private readonly Stage2AddressSpace _space;
        private readonly IStage2Guards? _guards;

        public ChangeScope(Stage2AddressSpace space, IStage2Guards? guards)
        {
            _space = space;
            _guards = guards;
        }

        /// <summary>Gets what guards deny in a range of what a change permits there; null for nothing.</summary>
        public Denials? DenialsIn(IpaRange range, Stage2Access permitted) =>
            _guards is not null && range.Length != 0 && _space._denials.Read(_guards, range, permitted) ? _space._denials : null;

        /// <summary>Tells the guards what the mapped parts of a range permit without them.</summary>
        public void Done(IpaRange range, Stage2Access access) => _guards?.Changed(range, access);

        public void Dispose()
        {
            _space._gate.Exit();
            _guards?.EndChange();
        }
    }
}
