using HvIntrospect.A64;
using HvIntrospect.Interception;
using HvIntrospect.LoadStores;
using HvIntrospect.Registers;
using HvIntrospect.Translation;
using HvIntrospect.Watchpoints;

namespace HvIntrospect.Introspection;

/// <summary>Finds where the pages of an access lie: Stage 1 with the descriptor updates of walker hardware, then whose page it is.</summary>
internal sealed class GuestTranslation
{
    private const int MostDescriptorChanges = 8;

    private readonly Services _services;
    private readonly CurrentAccess _current;

    /// <summary>Makes the translation of a vCPU.</summary>
    /// <param name="current">The vCPU's access.</param>
    public GuestTranslation(CurrentAccess current)
    {
        _services = current.Services;
        _current = current;
    }

    /// <summary>Translates an address by both stages.</summary>
    /// <param name="access">The instruction.</param>
    /// <param name="direction">What is to be done there.</param>
    /// <param name="address">The first byte of the access in its page.</param>
    /// <param name="page">Which of the access's pages this is: 0 or 1.</param>
    /// <returns>Where the byte lies, or why there is no access.</returns>
    public LoadStorePage Translate(in LoadStoreAccess access, LoadStoreDirection direction, Va address, int page)
    {
        bool isUnprivileged = LoadStoreSemantics.IsUnprivileged(access, direction);
        if (!TryTranslateStage1(address, direction, isUnprivileged, out Stage1Translation translation))
        {
            return LoadStorePage.Refused;
        }

        if (translation.IsFault)
        {
            // Of both permissions that of the write is missing when a read alone would pass.
            bool isWriteFault = direction == LoadStoreDirection.Modify && translation.Status.Kind == FaultKind.Permission
                && !TranslateStage1(address, Stage1AccessKind.Read, isUnprivileged).IsFault;
            return LoadStorePage.Fault(translation.Status, translation.Attributes.IsDevice, isWriteFault);
        }

        PageStanding standing = _services.Judge(_current.View, translation.Ipa, Stage2Of(direction));
        if (IsRefused(standing))
        {
            return LoadStorePage.Refused;
        }

        bool isMemory = standing != PageStanding.NoMemory;
        _current.Place(page, isMemory, translation.Level, isMemory && translation.Attributes.IsTagged);

        // IMPLEMENTATION DEFINED: devices take 64 bytes at once, memory does not.
        return LoadStorePage.Found(translation.Ipa, translation.Attributes.IsDevice, takes64Bytes: !isMemory, translation.Attributes.IsWriteBack);
    }

    private static Stage1AccessKind KindOf(LoadStoreDirection direction) => direction switch
    {
        LoadStoreDirection.Read => Stage1AccessKind.Read,
        LoadStoreDirection.Write => Stage1AccessKind.Write,
        _ => Stage1AccessKind.ReadWrite,
    };

    private static Stage2Access Stage2Of(LoadStoreDirection direction) => direction switch
    {
        LoadStoreDirection.Read => Stage2Access.Read,
        LoadStoreDirection.Write => Stage2Access.Write,
        _ => Stage2Access.ReadWrite,
    };

    /// <summary>Tells whether the library must leave a page alone, because its faults are the embedder's or it is being changed; then the access is refused.</summary>
    private bool IsRefused(PageStanding standing)
    {
        switch (standing)
        {
            case PageStanding.Protected:
                return !_current.Refuse(Refusal.NotOurs(UnhandledReason.Protected));
            case PageStanding.NotMapped:
                return !_current.Refuse(Refusal.NotOurs(UnhandledReason.NotMapped));
            case PageStanding.InTransition:
                return !_current.Refuse(Refusal.InTransition);
            default:
                return false;
        }
    }

    /// <summary>Translates by Stage 1 and does to the descriptor what walker hardware does for an access; it may do so even if the access faults afterwards.</summary>
    /// <returns>False when the descriptor cannot be updated: then the access is refused.</returns>
    private bool TryTranslateStage1(Va address, LoadStoreDirection direction, bool isUnprivileged, out Stage1Translation translation)
    {
        bool isWrite = direction != LoadStoreDirection.Read;
        for (int i = 0; i < MostDescriptorChanges; i++)
        {
            translation = TranslateStage1(address, KindOf(direction), isUnprivileged);
            if (translation.IsFault || _current.View.Walker.DescriptorAfter(translation, isWrite, _current.Vcpu.Translation) == translation.Descriptor)
            {
                return true;
            }

            if (_services.Watches.Overlaps(translation.DescriptorAddress, sizeof(ulong), WatchKinds.Write))
            {
                return _current.Refuse(Refusal.WatchedDescriptor);
            }

            // The guest names the address of its table: what it may not write is not written for it.
            if (IsRefused(_services.Judge(_current.View, translation.DescriptorAddress, Stage2Access.Write)))
            {
                return false;
            }

            switch (_current.View.Walker.UpdateDescriptor(translation, isWrite, _current.Vcpu.Translation))
            {
                case CompareExchangeResult.Exchanged:
                    return true;
                case CompareExchangeResult.Different:
                    break;
                default:
                    return _current.Refuse(Refusal.NotAtomic);
            }
        }

        // The guest changes its table all the time: it shall try again.
        translation = default;
        return _current.Refuse(Refusal.Inconsistent("descriptor"));
    }

    private Stage1Translation TranslateStage1(Va address, Stage1AccessKind kind, bool isUnprivileged) =>
        _current.View.Walker.Translate(address, Stage1Access.ForData(_current.Vcpu.Core.Pstate, kind, isUnprivileged), _current.Vcpu.Translation);
}
