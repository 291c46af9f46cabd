namespace HvIntrospect.Translation.Stage2;

/// <summary>
/// Changes what a range covers wholly. Permissions and AF change in place; where memory type or shareability change, the descriptor is only
/// broken here. Tables that become empty are taken off.
/// </summary>
internal struct BreakPass : ITreeVisitor
{
    private readonly Stage2Tree _tree;
    private readonly TableChange _change;
    private readonly Stage2Maintenance _maintenance;

    /// <summary>The last stale address below the table that the pass is in; none for a start.</summary>
    private ulong _lastStale;

    public BreakPass(Stage2Tree tree, in TableChange change, Stage2Maintenance maintenance)
    {
        _tree = tree;
        _change = change;
        _maintenance = maintenance;
        _lastStale = ulong.MaxValue;
        HasBroken = false;
    }

    /// <summary>Gets a value indicating whether descriptors wait to be made.</summary>
    public bool HasBroken { get; private set; }

    public TreeStep Enter(ref TableWindow window, in TableSlot slot)
    {
        if (!Stage2Format.IsValid(slot.Descriptor))
        {
            return TreeStep.Next;
        }

        if (!Stage2Format.IsTable(slot.Descriptor, slot.Level))
        {
            if (slot.IsWhole)
            {
                Change(ref window, slot);
            }

            return TreeStep.Next;
        }

        if (!slot.IsWhole || !_change.Unmaps)
        {
            return TreeStep.Into;
        }

        ulong table = _tree.TableAddress(slot.Descriptor);
        int before = _maintenance.Count;
        var removal = new Removal(_tree, _maintenance);
        _tree.VisitBelow(ref window, table, slot, ref removal);
        if (_maintenance.Count != before)
        {
            _lastStale = slot.Ipa;
        }

        TakeOff(ref window, slot, table);
        return TreeStep.Next;
    }

    public void Leave(ref TableWindow window, in TableSlot slot)
    {
        ulong table = _tree.TableAddress(slot.Descriptor);
        if (_change.Unmaps && _tree.IsEmpty(ref window, table))
        {
            TakeOff(ref window, slot, table);
        }
    }

    private void TakeOff(ref TableWindow window, in TableSlot slot, ulong table)
    {
        window.Write(slot.Address, 0);
        _tree.Pages.Unlink(table);
        if (_lastStale - slot.Ipa > slot.Span && !_maintenance.IsEverything)
        {
            // Nothing below could be in a TLB as a translation, but the way to this table could.
            _maintenance.Add(slot.Ipa);
            _lastStale = slot.Ipa;
        }
    }

    private void Change(ref TableWindow window, in TableSlot slot)
    {
        ulong changed = _change.Apply(slot.Descriptor);
        if (changed == slot.Descriptor)
        {
            return;
        }

        if (!_change.Unmaps && ((changed ^ slot.Descriptor) & _tree.Format.MemoryMask) != 0)
        {
            changed = Stage2Tree.Broken(changed);
            HasBroken = true;
        }

        window.Write(slot.Address, changed);
        if (Stage2Tree.MayBeCached(slot.Descriptor))
        {
            _maintenance.Add(slot.Ipa);
            _lastStale = slot.Ipa;
        }
    }
}
