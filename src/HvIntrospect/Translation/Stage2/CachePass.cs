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
            ulong after = _change.Apply(before, slot.Ipa);
            _only?.NoteMemory(_caches, before, after, slot.Ipa, slot.From, slot.To);
            if (_views is not null)
            {
                ulong offset = slot.From - slot.Ipa;
                ulong length = slot.To - slot.From + 1;
                _caches.Replace(MappedMemory.Of(_tree.Format, before, offset, length), MappedMemory.Of(_tree.Format, after, offset, length));
                _views.NoteMemory(_caches, before, after, slot.Ipa, slot.From, slot.To);
            }
        }

        return TreeStep.Next;
    }

    public void Leave(ref TableWindow window, in TableSlot slot)
    {
    }
}
