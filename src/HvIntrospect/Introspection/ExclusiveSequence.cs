using HvIntrospect.A64;
using HvIntrospect.Translation;

namespace HvIntrospect.Introspection;

/// <summary>Looks at the code of an exclusive sequence.</summary>
internal static class ExclusiveSequence
{
    // The architecture guarantees progress only to sequences of at most 128 bytes.
    private const int LongestSequence = 32;

    /// <summary>Tells whether the load-exclusive that a store-exclusive belongs to stands before it, with nothing between that would end the sequence.</summary>
    /// <param name="services">The decoder, and what is denied.</param>
    /// <param name="view">The view that the vCPU has active.</param>
    /// <param name="vcpu">The vCPU; PC is that of the store.</param>
    /// <param name="store">The store-exclusive.</param>
    /// <returns>True when it was found: same base, same size.</returns>
    public static bool BeginsBefore(Services services, GuestView view, IVcpu vcpu, in LoadStoreAccess store)
    {
        Va at = vcpu.Core.Pc;
        for (int i = 0; i < LongestSequence; i++)
        {
            at = new Va(unchecked(at.Value - sizeof(uint)));
            if (!InstructionFetcher.TryFetchAt(view, vcpu, at, out _, out uint word) || LeavesForGood(word))
            {
                return false;
            }

            if (services.Decoder.TryDecodeLoadStore(word, out LoadStoreAccess access) && access.IsExclusive)
            {
                return access.Kind == LoadStoreKind.Load && access.Rn == store.Rn && access.TotalSize == store.TotalSize
                    && access.RegisterCount == store.RegisterCount;
            }
        }

        return false;
    }

    /// <summary>Executes what stands between a load-exclusive and its store, on a copy of the registers: integer instructions and branches ahead.</summary>
    /// <param name="services">The decoder, and what is denied.</param>
    /// <param name="view">The view that the vCPU has active.</param>
    /// <param name="vcpu">The vCPU; PC is that behind the load.</param>
    /// <param name="load">The load-exclusive.</param>
    /// <param name="core">Receives the registers as they are at the store.</param>
    /// <param name="store">Receives the store-exclusive.</param>
    /// <returns>False when the store is not reached so: the sequence ends without it, or something else stands there that the guest must execute itself.</returns>
    public static bool TryReachStore(Services services, GuestView view, IVcpu vcpu, in LoadStoreAccess load, out CoreRegisters core, out LoadStoreAccess store)
    {
        core = vcpu.Core;
        store = default;
        for (int i = 0; i < LongestSequence; i++)
        {
            Va at = core.Pc;

            // Whoever watches the code sees every instruction of it.
            if (!InstructionFetcher.TryFetchAt(view, vcpu, at, out Stage1Translation translation, out uint word)
                || (services.Pages.DeniedAt(translation.Ipa, view.Number) & Stage2Access.Execute) != 0)
            {
                return false;
            }

            if (services.Decoder.TryDecodeLoadStore(word, out store))
            {
                return store.IsExclusive && store.Kind == LoadStoreKind.Store && store.Rn == load.Rn && store.TotalSize == load.TotalSize;
            }

            if (!SimpleInstruction.TryExecute(ref core, word) || core.Pc.Value <= at.Value)
            {
                return false;
            }
        }

        return false;
    }

    /// <summary>Unconditional branches, exception generation and returns, and CLREX: nobody comes from above them in one sequence.</summary>
    private static bool LeavesForGood(uint word) =>
        (word & 0xFC00_0000) == 0x1400_0000 // B
        || (word & 0xFE00_0000) == 0xD600_0000 // BR, RET, ERET and their kin; BLR, too, is no part of a sequence
        || (word & 0xFF00_0000) == 0xD400_0000 // SVC and its kin
        || (word & 0xFFFF_F0FF) == 0xD503_305F; // CLREX
}
