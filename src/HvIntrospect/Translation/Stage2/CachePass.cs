namespace HvIntrospect.Translation.Stage2;

/// <summary>Finds, before anything is changed, the memory that a change gives to a guest or takes from it.</summary>
internal readonly struct CachePass : ITreeVisitor
{
    private readonly Stage2Tree _tree;
    private readonly TableChange _change;
    private readonly Stage2Caches _caches;

    public CachePass(Stage2Tree tree, in TableChange change, Stage2Caches caches)
    {
        _tree = tree;
        _change = change;
        _caches = caches;
    }

    public TreeStep Enter(ref TableWindow window, in TableSlot slot)
    {
        if (Stage2Format.IsTable(slot.Descriptor, slot.Level))
        {
            return TreeStep.Into;
        }

        if (Stage2Format.IsValid(slot.Descriptor))
        {
            ulong after = _change.Apply(slot.Descriptor, slot.Ipa);
            PaRange memory = MemoryOf(slot, slot.Descriptor);
            Stage2Attributes attributes = _tree.Format.AttributesIn(slot.Descriptor);
            if (Stage2Format.IsValid(after))
            {
                _caches.Replace(memory, attributes, MemoryOf(slot, after), _tree.Format.AttributesIn(after));
            }
            else
            {
                _caches.Take(memory, attributes);
            }
        }

        return TreeStep.Next;
    }

    public void Leave(ref TableWindow window, in TableSlot slot)
    {
    }

    /// <summary>Gets the memory behind the part of a block or page that the change is about. The address is that of the descriptor's own bits: a block that is to be parted may get one that no block can have.</summary>
    private PaRange MemoryOf(in TableSlot slot, ulong leaf) =>
        new(new Pa(_tree.Format.TableIn(leaf) + (slot.From - slot.Ipa)), slot.To - slot.From + 1);
}
