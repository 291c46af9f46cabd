namespace HvIntrospect;

/// <summary>Holds back the interrupts of one vCPU, so that a step executes the instruction that was meant.</summary>
/// <remarks>A per-vCPU capability, used on the thread that handles the vCPU's exit. Interrupts stay pending while the gate is closed; none is lost.</remarks>
public interface IInterruptGate
{
    /// <summary>Gets a value indicating whether the gate is closed.</summary>
    bool IsClosed { get; }

    /// <summary>Keeps virtual IRQ, FIQ and SError from being taken until <see cref="Open"/>.</summary>
    void Close();

    /// <summary>Lets pending interrupts through again.</summary>
    void Open();
}
