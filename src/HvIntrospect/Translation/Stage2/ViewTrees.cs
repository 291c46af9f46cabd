using System.Collections.Generic;
using HvIntrospect.Registers;

namespace HvIntrospect.Translation.Stage2;

/// <summary>The trees of all views of one base view: they take every step of a change of it, all or none.</summary>
internal sealed class ViewTrees
{
    private readonly List<ViewTree> _trees = [];
    private readonly Dictionary<ulong, ulong> _pending = [];
    private readonly List<Vttbr> _concerned = [];

    /// <summary>Gets a value indicating whether there are any.</summary>
    public bool IsEmpty => _trees.Count == 0;

    /// <summary>Gets a value indicating whether <see cref="Make"/> has anything to write.</summary>
    public bool HaveToMake
    {
        get
        {
            bool haveToMake = false;
            foreach (ViewTree tree in _trees)
            {
                haveToMake |= tree.HasToMake;
            }

            return haveToMake;
        }
    }

    public void Add(ViewTree tree) => _trees.Add(tree);

    public void Remove(ViewTree tree) => _trees.Remove(tree);

    /// <summary>Prepares all views for a change that the base has prepared. On failure nothing is prepared, in the base neither.</summary>
    /// <exception cref="Stage2Exception">There are not enough pages.</exception>
    public void Prepare(TreeEdit edit)
    {
        if (IsEmpty)
        {
            return;
        }

        _pending.Clear();
        IpaRange range = edit.Range;
        foreach (PendingDescriptor pending in edit.Pending)
        {
            // A block or table that is replaced is so for all that it translates, whatever part of it the change is about.
            TableSlot slot = pending.Slot;
            _pending.Add(slot.Address, pending.Value);
            Ipa start = slot.Ipa < range.Start.Value ? new Ipa(slot.Ipa) : range.Start;
            ulong last = slot.Ipa + slot.Span > range.Last.Value ? slot.Ipa + slot.Span : range.Last.Value;
            range = new IpaRange(start, last - start.Value + 1);
        }

        int prepared = 0;
        try
        {
            for (; prepared < _trees.Count; prepared++)
            {
                _trees[prepared].PrepareToFollow(range, _pending);
            }
        }
        finally
        {
            if (prepared < _trees.Count)
            {
                while (prepared != 0)
                {
                    _trees[--prepared].Rollback();
                }

                edit.Rollback();
            }
        }
    }

    /// <inheritdoc cref="ViewTree.NoteMemory"/>
    public void NoteMemory(Stage2Caches caches, ulong before, ulong after, ulong ipa, ulong from, ulong to)
    {
        foreach (ViewTree tree in _trees)
        {
            tree.NoteMemory(caches, before, after, ipa, from, to);
        }
    }

    /// <summary>Breaks in all views what must not change while it is valid.</summary>
    public void Break()
    {
        foreach (ViewTree tree in _trees)
        {
            tree.Break();
        }
    }

    /// <summary>Publishes what was written, and removes from all TLBs what a change has made stale in the base view or any other.</summary>
    /// <param name="root">The base view.</param>
    /// <param name="ofBase">What the base's change has made stale, in its tables and so in those that views share.</param>
    public void Invalidate(Vttbr root, Stage2Maintenance ofBase)
    {
        if (IsEmpty)
        {
            ofBase.Invalidate();
            return;
        }

        _concerned.Clear();
        _concerned.Add(root);
        foreach (ViewTree tree in _trees)
        {
            if (tree.MeetsShared)
            {
                _concerned.Add(tree.Vttbr);
            }
        }

        ofBase.Invalidate(_concerned.ToArray());
        foreach (ViewTree tree in _trees)
        {
            tree.Invalidate();
        }
    }

    /// <summary>Writes the new descriptors of all views.</summary>
    public void Make()
    {
        foreach (ViewTree tree in _trees)
        {
            tree.Make();
        }
    }

    /// <summary>Ends a change that was made.</summary>
    public void Finish()
    {
        foreach (ViewTree tree in _trees)
        {
            tree.Finish();
        }
    }
}
