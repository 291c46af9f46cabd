namespace HvIntrospect;

/// <summary>The exclusive monitors of one vCPU, where software may use them.</summary>
/// <remarks>
/// A per-vCPU capability, used on the thread that handles the vCPU's exit. Where it is absent, a load-exclusive that traps is performed together with the integer instructions
/// and branches behind it up to its store, because a core may fail a store-exclusive without a monitor before it traps, which is IMPLEMENTATION DEFINED. On such a core a sequence with
/// other instructions between load and store makes no progress unless its load runs natively: with a watch of writes only. The guest's own breakpoints between load and store are
/// passed over so.
/// </remarks>
public interface IExclusiveMonitor
{
    /// <summary>Marks a location as a load-exclusive of the guest does.</summary>
    /// <param name="address">The location's IPA, aligned to the size, in the view that the vCPU has active.</param>
    /// <param name="size">1, 2, 4, 8 or 16 bytes.</param>
    void Arm(Ipa address, int size);

    /// <summary>Tests whether a store-exclusive of the guest to a location would succeed now.</summary>
    /// <param name="address">The location's IPA, in the view that the vCPU has active.</param>
    /// <param name="size">1, 2, 4, 8 or 16 bytes.</param>
    /// <returns>True when the local and the global monitor both hold it.</returns>
    bool IsArmed(Ipa address, int size);

    /// <summary>
    /// Lets the monitors hold what they hold beyond the exception return to the guest, so that software may execute an instruction between a load-exclusive and its store.
    /// </summary>
    void Keep();

    /// <summary>Clears the monitor as CLREX does.</summary>
    void Clear();
}
