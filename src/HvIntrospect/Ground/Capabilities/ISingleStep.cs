namespace HvIntrospect;

/// <summary>Single-stepping of one vCPU.</summary>
/// <remarks>A per-vCPU capability, used on the thread that handles the vCPU's exit.</remarks>
public interface ISingleStep
{
    /// <summary>Gets a value indicating whether a step is armed.</summary>
    bool IsArmed { get; }

    /// <summary>Makes the next run of the vCPU execute one instruction. Arming twice is the same as once. Interrupts are held back until the step ends, by <see cref="IInterruptGate"/> or by what the implementation has instead.</summary>
    void Arm();

    /// <summary>Takes the arming back and restores the guest's own debug state. Does nothing when no step is armed.</summary>
    void Disarm();

    /// <summary>Tells what an exit means for the armed step. After <see cref="SingleStepOutcome.Completed"/> or <see cref="SingleStepOutcome.Preempted"/> the step is no longer armed.</summary>
    /// <param name="exit">The exit that ended the run.</param>
    /// <returns>The meaning; <see cref="SingleStepOutcome.Pending"/> also when no step is armed.</returns>
    SingleStepOutcome Classify(in VcpuExit exit);
}
