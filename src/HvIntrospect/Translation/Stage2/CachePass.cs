using System;

namespace HvIntrospect.Translation.Stage2;

/// <summary>Finds, before anything is changed, the memory that a change gives to a guest or takes from it, in the base view and in each other one.</summary>
internal readonly struct CachePass : ITreeVisitor
{
    private readonly Stage2Tree _tree;
    private readonly TableChange _change;
    private readonly Stage2Caches _caches;
    private readonly ViewTrees? _views;
    private readonly ViewTree? _only;

    /// <summary>Makes the pass of a change of the base.</summary>
    public CachePass(Stage2Tree tree, in TableChange change, Stage2Caches caches, ViewTrees views)
    {
        _tree = tree;
        _change = change;
        _caches = caches;
        _views = views;
        _only = null;
    }

    /// <summary>Makes the pass of a change of one view.</summary>
    public CachePass(Stage2Tree tree, in TableChange change, Stage2Caches caches, ViewTree only)
    {
        _tree = tree;
        _change = change;
        _caches = caches;
        _views = null;
        _only = only;
    }

    public TreeStep Enter(ref TableWindow window, in TableSlot slot)
    {
        ulong before = slot.Descriptor;
        if (Stage2Format.IsTable(before, slot.Level))
        {
            return TreeStep.Into;
        }

        if (Stage2Format.IsValid(before))
        {
            // Where guards deny a part of what it maps, the parts become leaves of their own.
            ulong to;
            for (ulong from = slot.From; ; from = to + 1)
            {
                to = Math.Min(_change.LastAlike(from), slot.To);
                Note(before, _change.Apply(before, from == slot.From ? slot.Ipa : from), slot.Ipa, from, to);
                if (to == slot.To)
                {
                    break;
                }
            }
        }

        return TreeStep.Next;
    }

    public void Leave(ref TableWindow window, in TableSlot slot)
    {
    }

    private void Note(ulong before, ulong after, ulong ipa, ulong from, ulong to)
    {
        _only?.NoteMemory(_caches, before, after, ipa, from, to);
        if (_views is not null)
        {
            _caches.Replace(MappedMemory.Of(_tree.Format, before, from - ipa, to - from + 1), MappedMemory.Of(_tree.Format, after, from - ipa, to - from + 1));
            _views.NoteMemory(_caches, before, after, ipa, from, to);
        }
    }
}
