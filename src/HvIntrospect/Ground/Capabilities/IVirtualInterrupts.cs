namespace HvIntrospect;

/// <summary>Makes virtual interrupts of one vCPU pending, for EL2's own purposes.</summary>
/// <remarks>
/// <para>Arm Architecture Reference Manual (DDI 0487), "Virtual interrupts": HCR_EL2.VI, VF and VSE. The guest takes them when its PSTATE permits, while their physical
/// counterparts are routed to EL2. They come on top of what an interrupt controller asserts, which is neither seen nor changed here; a guest that asks its interrupt
/// controller what has happened finds nothing there. To send it an interrupt that it knows, raise a line of the controller.</para>
/// <para>A per-vCPU capability, used on the thread that handles the vCPU's exit.</para>
/// </remarks>
public interface IVirtualInterrupts
{
    /// <summary>Tells whether an interrupt is pending because of <see cref="Set"/>.</summary>
    /// <param name="interrupt">The interrupt.</param>
    /// <returns>True while it is.</returns>
    bool IsPending(VirtualInterrupt interrupt);

    /// <summary>Makes an interrupt pending, or withdraws it.</summary>
    /// <param name="interrupt">The interrupt.</param>
    /// <param name="isPending">True to make it pending.</param>
    /// <exception cref="System.ArgumentOutOfRangeException"><paramref name="interrupt"/> is not one of the named values; nothing was changed.</exception>
    void Set(VirtualInterrupt interrupt, bool isPending);
}
