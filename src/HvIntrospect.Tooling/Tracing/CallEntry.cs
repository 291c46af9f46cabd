namespace HvIntrospect.Tooling.Tracing;

/// <summary>A vCPU is at the first instruction of a function.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public readonly struct CallEntry
{
    /// <summary>Gets the address of the function.</summary>
    public Va Function { get; init; }

    /// <summary>Gets the number of the vCPU.</summary>
    public int Vcpu { get; init; }

    /// <summary>Gets the key of the guest thread: any number that is the same as long as calls nest on the same stack, for example the base of the stack or, where each
    /// thread has one stack, TPIDR_EL1. A thread that takes interrupts on another stack has another key there.</summary>
    public ulong Thread { get; init; }

    /// <summary>Gets the guest time, in any unit, for example CNTVCT_EL0. Should it run backwards within a thread, the latest time seen counts instead.</summary>
    public ulong Time { get; init; }

    /// <summary>Gets SP, before the function takes its frame.</summary>
    public ulong StackPointer { get; init; }

    /// <summary>Gets X30: where the function is to return to, without a pointer authentication code.</summary>
    public Va ReturnAddress { get; init; }

    /// <summary>Gets X0 to X7.</summary>
    public CallArguments Arguments { get; init; }
}
