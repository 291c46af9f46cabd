using System;
using System.Collections.Generic;

namespace HvIntrospect.Tests.Interception;

/// <summary>Views over a recording control: what each overrides of its few pages.</summary>
internal sealed class RecordingViews : IStage2Views
{
    public const ulong Size = 1 << 20;

    private readonly RecordingControl _base;
    private readonly Dictionary<int, Dictionary<ulong, Stage2ViewAccess>> _views = [];
    private readonly Dictionary<IVcpu, int> _active = [];

    public RecordingViews(RecordingControl control)
    {
        _base = control;
    }

    public int MaximumViews => 8;

    /// <summary>Gets the number of calls of <see cref="Protect"/> that have changed something.</summary>
    public int Changes { get; private set; }

    /// <summary>Gets or sets the number of the call of <see cref="Protect"/> that throws, counted down to 0.</summary>
    public int FailAt { get; set; } = -1;

    /// <summary>Gets what a mapped page of a view permits.</summary>
    public Stage2Access this[int view, ulong page] => Of(view).GetValueOrDefault(page).Of(_base[page]);

    /// <summary>Gets how many pages of a view are overridden.</summary>
    public int Overrides(int view) => Of(view).Count;

    public int Create()
    {
        int view = 1;
        while (_views.ContainsKey(view))
        {
            view++;
        }

        if (view == MaximumViews)
        {
            throw new InvalidOperationException("There are no more views.");
        }

        _views.Add(view, []);
        return view;
    }

    public void Remove(int view)
    {
        _base.Guards?.BeginChange();
        Of(view);
        _views.Remove(view);
        _base.Guards?.Removed(view);
        _base.Guards?.EndChange();
    }

    public void Protect(int view, IpaRange range, Stage2ViewAccess access)
    {
        Dictionary<ulong, Stage2ViewAccess> pages = Of(view);
        if (range.Last.Value >= Size)
        {
            throw new ArgumentException("The range is beyond the address size.", nameof(range));
        }

        if (FailAt >= 0 && FailAt-- == 0)
        {
            throw new InvalidOperationException("The backend was told to fail.");
        }

        for (ulong page = range.Start.Value / RecordingControl.PageSize; page <= range.Last.Value / RecordingControl.PageSize; page++)
        {
            Changes += pages.GetValueOrDefault(page) == access ? 0 : 1;
            if (access.FollowsBase)
            {
                pages.Remove(page);
            }
            else
            {
                pages[page] = access;
            }
        }
    }

    public void Remap(int view, Ipa page, Pa? frame) => throw new NotSupportedException();

    public void Restore(int view, IpaRange range) => Protect(view, range, default);

    public bool TryGetMapping(int view, Ipa address, out Stage2MappingInfo mapping)
    {
        bool isMapped = _base.TryGetMapping(address, out mapping);
        mapping = isMapped ? new Stage2MappingInfo(mapping.Range, this[view, address.Value / RecordingControl.PageSize]) : mapping;
        return isMapped;
    }

    public IGuestMemory MemoryOf(int view) => throw new NotSupportedException();

    public void Activate(IVcpu vcpu, int view)
    {
        Of(view);
        _active[vcpu] = view;
    }

    public int ActiveView(IVcpu vcpu) => _active.GetValueOrDefault(vcpu);

    public void Invalidate(IVcpu vcpu, TlbiOperation operation, ulong operand) => throw new NotSupportedException();

    public ulong MemoryUse(int view) => 0;

    private Dictionary<ulong, Stage2ViewAccess> Of(int view) => view == 0 ? [] : _views.TryGetValue(view, out Dictionary<ulong, Stage2ViewAccess>? pages)
        ? pages
        : throw new ArgumentOutOfRangeException(nameof(view), view, "There is no such view.");
}
