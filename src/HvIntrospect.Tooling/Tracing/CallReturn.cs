namespace HvIntrospect.Tooling.Tracing;

/// <summary>A vCPU leaves a function: it is at its RET, or at the instruction that it returns to.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public readonly struct CallReturn
{
    /// <summary>Gets the number of the vCPU, which may be another one than at the entry.</summary>
    public int Vcpu { get; init; }

    /// <summary>Gets the key of the guest thread; see <see cref="CallEntry.Thread"/>.</summary>
    public ulong Thread { get; init; }

    /// <summary>Gets the guest time in the unit of <see cref="CallEntry.Time"/>.</summary>
    public ulong Time { get; init; }

    /// <summary>Gets SP, the frame of the function given back.</summary>
    public ulong StackPointer { get; init; }

    /// <summary>Gets where it returns to, without a pointer authentication code.</summary>
    public Va ReturnAddress { get; init; }

    /// <summary>Gets X0, the value that the function returns if it returns one.</summary>
    public ulong Value { get; init; }
}
