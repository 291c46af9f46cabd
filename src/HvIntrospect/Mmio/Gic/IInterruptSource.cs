namespace HvIntrospect.Mmio.Gic;

/// <summary>What stands behind a CPU interface: the distributor behind a physical one, list registers behind a virtual one.</summary>
internal interface IInterruptSource
{
    /// <summary>Finds the interrupt that is pending and not active whose priority is the highest.</summary>
    /// <returns>The interrupt, or <see cref="PendingInterrupt.None"/>.</returns>
    PendingInterrupt HighestPending();

    /// <summary>Makes an interrupt active because it was acknowledged.</summary>
    /// <param name="interrupt">What <see cref="HighestPending"/> has found.</param>
    void Activate(in PendingInterrupt interrupt);

    /// <summary>Gets the group in which an interrupt ends.</summary>
    /// <param name="id">Its number, 0 to 1023.</param>
    /// <param name="isAliased">Whether it ends by the register of Group 1.</param>
    /// <param name="isGroup1">The group.</param>
    /// <returns>False when nothing ends.</returns>
    bool TryGetGroup(int id, bool isAliased, out bool isGroup1);

    /// <summary>Makes an interrupt inactive.</summary>
    /// <param name="value">Its number, and in bits 12:10 who has sent it, for an SGI.</param>
    /// <param name="isOwed">Whether it is known to have been active: a deactivation by itself, or an end that dropped a priority.</param>
    void Deactivate(uint value, bool isOwed);
}
