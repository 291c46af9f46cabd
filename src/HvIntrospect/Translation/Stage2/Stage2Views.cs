using System;
using System.Globalization;
using System.Threading;
using HvIntrospect.Registers;

namespace HvIntrospect.Translation.Stage2;

/// <summary>The views of an address space: several trees of tables with a VMID each, which share with the base view what is not overridden.</summary>
/// <remarks>
/// <para>A view costs its root tables; each table below which something is overridden is copied when that is done and given back when nothing is any more. A change of the base
/// is prepared in all views, made in all, and invalidated under the VMID of each view that it concerns.</para>
/// <para>The guest knows of one address space: its TLB maintenance, which acts on the VMID of the view that is active, must reach all. So cores trap it (HCR_EL2.TTLB,
/// set by <see cref="Stage2AddressSpace.Install"/> where there can be more than the base view), and <see cref="Invalidate"/> repeats it for every view. Each costs the guest an
/// exit; for each view that is not the active one, two writes of VTTBR_EL2 with an ISB and the instruction itself; and one DSB for all. Invalidating on entry to a view alone, which would cost nothing in between,
/// is not enough: another vCPU may be in that view already.</para>
/// <para>A vCPU's own core needs no maintenance when its view changes: the views have different VMIDs, and CnP is 0. What a core must do where it runs several vCPUs of one VM in
/// turn is the same with views as without: their ASIDs need not mean the same, so TLBI VMALLE1 for a VMID that another vCPU used there last.</para>
/// <para>Where walkers write descriptors (FEAT_HAFDBS), what they note in a view's own copies, Access flag and dirty state, is noted there alone and lost with the next change of the copy.
/// Who wants to know of writes in views too denies them: <c>PageGuards.DirtyLog</c> does so in all views.</para>
/// <para>Thread-safe, as <see cref="IStage2Views"/> says.</para>
/// </remarks>
public sealed class Stage2Views : IStage2Views
{
    private readonly Stage2AddressSpace _space;
    private readonly ChangeGate _gate;
    private readonly Stage2Tables _tables;
    private readonly ITablePages _pages;
    private readonly IEl2Operations _operations;
    private readonly ushort[] _vmids;

    /// <summary>The trees by the view's number less 1.</summary>
    private readonly ViewTree?[] _trees;

    /// <summary>What lies behind them.</summary>
    private readonly Stage2GuestMemory[] _memories;

    /// <summary>The active view by the vCPU's number; 0 beyond.</summary>
    private int[] _active = [];

    internal Stage2Views(Stage2AddressSpace space, ChangeGate gate, Stage2Tables tables, IPhysicalMemory memory, ITablePages pages, IEl2Operations operations, ReadOnlySpan<ushort> vmids)
    {
        _space = space;
        _gate = gate;
        _tables = tables;
        _pages = pages;
        _operations = operations;
        _vmids = vmids.ToArray();
        _trees = new ViewTree?[vmids.Length];
        _memories = new Stage2GuestMemory[vmids.Length];
        for (int i = 0; i < _vmids.Length; i++)
        {
            _memories[i] = new Stage2GuestMemory(space, memory, i + 1);
            tables.Geometry.CreateVttbr(default, _vmids[i]);
            if (_vmids[i] == tables.Vttbr.Vmid || Array.IndexOf(_vmids, _vmids[i]) != i)
            {
                throw new ArgumentException(
                    "The VMID " + _vmids[i].ToString(CultureInfo.InvariantCulture) + " is given twice; each view needs its own.", nameof(vmids));
            }
        }
    }

    /// <inheritdoc/>
    public int MaximumViews => _trees.Length + 1;

    /// <inheritdoc/>
    /// <exception cref="Stage2Exception">There are no pages for the root. On failure: unchanged.</exception>
    public int Create()
    {
        _gate.Enter();
        try
        {
            int index = Array.IndexOf(_trees, null);
            if (index < 0)
            {
                throw new InvalidOperationException("There are " + MaximumViews.ToString(CultureInfo.InvariantCulture) + " views already.");
            }

            _trees[index] = _tables.CreateView(_pages, _vmids[index], _operations);
            return index + 1;
        }
        finally
        {
            _gate.Exit();
        }
    }

    /// <inheritdoc/>
    public void Remove(int view)
    {
        // What is denied in this view alone ends with it.
        IStage2Guards? guards = _gate.Guards;
        guards?.BeginChange();
        _gate.Enter();
        try
        {
            ViewTree tree = Overridable(view);
            int vcpu = Array.IndexOf(_active, view);
            if (vcpu >= 0)
            {
                throw new InvalidOperationException(
                    "View " + view.ToString(CultureInfo.InvariantCulture) + " is active on vCPU " + vcpu.ToString(CultureInfo.InvariantCulture) + ".");
            }

            _trees[view - 1] = null;
            _tables.RemoveView(tree);
            guards?.Removed(view);
        }
        finally
        {
            _gate.Exit();
            guards?.EndChange();
        }
    }

    /// <inheritdoc/>
    /// <exception cref="Stage2Exception">There are not enough table pages. On failure: unchanged.</exception>
    public void Protect(int view, IpaRange range, Stage2ViewAccess access)
    {
        _tables.CheckAccess(access.Denied);
        _tables.CheckAccess(access.Granted);
        Override(view, range, changed => changed.With(access));
    }

    /// <inheritdoc/>
    /// <exception cref="Stage2Exception">There are not enough table pages. On failure: unchanged.</exception>
    public void Remap(int view, Ipa page, Pa? frame)
    {
        ulong size = _tables.Geometry.Granule.Size;
        if (page.OffsetIn(size) != 0)
        {
            throw new ArgumentException("The IPA " + page + " is not a multiple of 0x" + size.ToString("x", CultureInfo.InvariantCulture) + ".", nameof(page));
        }

        if (frame is Pa at && (at.OffsetIn(size) != 0 || at.Value >> _tables.Geometry.OutputBits != 0))
        {
            throw new ArgumentException(
                "The frame " + at + " is not a multiple of 0x" + size.ToString("x", CultureInfo.InvariantCulture) + ", or beyond the end of physical addresses.", nameof(frame));
        }

        Override(view, new IpaRange(page, size), changed => changed.WithFrame(page, frame));
    }

    /// <inheritdoc/>
    public void Restore(int view, IpaRange range) => Override(view, range, static _ => default);

    /// <inheritdoc/>
    public bool TryGetMapping(int view, Ipa address, out Stage2MappingInfo mapping)
    {
        Stage2Translation translation = Walk(view, address);
        mapping = _tables.Describe(address, translation);
        return translation.IsMapped;
    }

    /// <inheritdoc/>
    public IGuestMemory MemoryOf(int view) => view == 0 ? _space.Memory : (uint)(view - 1) < (uint)_memories.Length ? _memories[view - 1] : throw NoView(view);

    /// <summary>Walks the tables of a view.</summary>
    /// <param name="view">The view; 0 for the base view.</param>
    /// <param name="address">The IPA of the byte.</param>
    /// <param name="access">What the access needs; none looks up without a permission check.</param>
    /// <returns>The physical address or the fault that hardware would raise. After an Access flag or Permission fault the mapping is valid too.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such view.</exception>
    public Stage2Translation Walk(int view, Ipa address, Stage2Access access = Stage2Access.None)
    {
        int version = _gate.Version;
        if ((version & 1) == 0 && WalkerOf(view) is Stage2Walker walker)
        {
            Stage2Translation translation = walker.Walk(address, access);
            if (_gate.IsStill(version))
            {
                return translation;
            }
        }

        lock (_gate.Lock)
        {
            return (WalkerOf(view) ?? throw NoView(view)).Walk(address, access);
        }
    }

    /// <summary>Finds where a byte lies, as <see cref="Stage2AddressSpace.WalkSettled"/> does for the base view.</summary>
    /// <param name="view">The view, not the base view.</param>
    /// <param name="address">The IPA of the byte.</param>
    /// <returns>The translation, without regard to permissions; nothing is mapped where there is no such view.</returns>
    internal Stage2Translation WalkSettled(int view, Ipa address)
    {
        int version = _gate.Version;
        Stage2Translation translation = default;
        if (TreeOf(view) is ViewTree tree)
        {
            translation = tree.Walker.Walk(address);
            if (!_gate.IsStill(version))
            {
                lock (_gate.Lock)
                {
                    translation = TreeOf(view)?.Walker.WalkSettled(address.Value) ?? default;
                }
            }
        }

        return translation;
    }

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">The vCPU lacks the capability <see cref="IEl2Operations"/>.</exception>
    public void Activate(IVcpu vcpu, int view)
    {
        IEl2Operations core = CoreOf(vcpu);
        lock (_gate.Lock)
        {
            Vttbr vttbr = VttbrOf(view);
            if (vcpu.Index >= _active.Length)
            {
                var active = new int[vcpu.Index + 1];
                _active.CopyTo(active, 0);
                Volatile.Write(ref _active, active);
            }

            // No TLB holds anything of the VMID that is not so any more, and VTCR_EL2 is the same for all views.
            core.WriteSystemRegister(SystemRegister.VttbrEl2, vttbr.Value);
            core.Isb();
            Volatile.Write(ref _active[vcpu.Index], view);
        }
    }

    /// <inheritdoc/>
    public int ActiveView(IVcpu vcpu)
    {
        int[] active = Volatile.Read(ref _active);
        int index = (vcpu ?? throw new ArgumentNullException(nameof(vcpu))).Index;
        return index < active.Length ? Volatile.Read(ref active[index]) : 0;
    }

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">The vCPU lacks the capability <see cref="IEl2Operations"/>.</exception>
    public void Invalidate(IVcpu vcpu, TlbiOperation operation, ulong operand)
    {
        IEl2Operations core = CoreOf(vcpu);
        lock (_gate.Lock)
        {
            var registers = new RegimeRegisters(core, _tables.Vtcr);

            // Walks that began in the guest may be using the registers until a DSB, and what the guest has written must be seen by those of all views.
            core.Dsb(BarrierOption.Ish);
            int active = ActiveView(vcpu);
            for (int i = 0; i < MaximumViews; i++)
            {
                // The active view first: its registers are there already, unless the host's are.
                int view = (active + i) % MaximumViews;
                if (view == 0 || _trees[view - 1] is not null)
                {
                    registers.Load(VttbrOf(view));
                    core.Tlbi(operation, operand);
                }
            }

            core.Dsb(BarrierOption.Ish);
            registers.Restore();
            core.Isb();
        }
    }

    /// <inheritdoc/>
    public ulong MemoryUse(int view)
    {
        lock (_gate.Lock)
        {
            return view == 0 ? _tables.MemoryUse : Overridable(view).MemoryUse;
        }
    }

    /// <summary>Gets the value for VTTBR_EL2.</summary>
    internal Vttbr VttbrOf(int view) => view == 0 ? _tables.Vttbr : Overridable(view).Vttbr;

    /// <summary>Removes all views. No vCPU may run on any.</summary>
    internal void Clear()
    {
        for (int i = 0; i < _trees.Length; i++)
        {
            if (_trees[i] is ViewTree tree)
            {
                _trees[i] = null;
                _tables.RemoveView(tree);
            }
        }
    }

    private static IEl2Operations CoreOf(IVcpu vcpu) => (vcpu ?? throw new ArgumentNullException(nameof(vcpu))).TryGetCapability(out IEl2Operations? core)
        ? core
        : throw new NotSupportedException("Views need the capability " + nameof(IEl2Operations) + " of the vCPU.");

    private static ArgumentOutOfRangeException NoView(int view) => new(nameof(view), view, "There is no such view.");

    private void Override(int view, IpaRange range, Func<PageOverride, PageOverride> change)
    {
        _gate.Enter();
        try
        {
            _tables.Override(Overridable(view), range, change);
        }
        finally
        {
            _gate.Exit();
        }
    }

    private ViewTree Overridable(int view) => view != 0 && TreeOf(view) is ViewTree tree ? tree : throw NoView(view);

    private ViewTree? TreeOf(int view) => (uint)(view - 1) < (uint)_trees.Length ? Volatile.Read(ref _trees[view - 1]) : null;

    private Stage2Walker? WalkerOf(int view) => view == 0 ? _tables.Walker : TreeOf(view)?.Walker;
}
