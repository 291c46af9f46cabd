using System;

namespace HvIntrospect.Mmio;

/// <summary>The answer of an <see cref="UnownedAccessHandler"/>.</summary>
/// <remarks>Immutable and thread-safe. The default value injects an external abort.</remarks>
public readonly struct UnownedAccessResponse : IEquatable<UnownedAccessResponse>
{
    private UnownedAccessResponse(UnownedAccessPolicy action, ulong data)
    {
        Action = action;
        Data = data;
    }

    /// <summary>Gets the answer that injects a synchronous External abort.</summary>
    public static UnownedAccessResponse InjectExternalAbort => default;

    /// <summary>Gets the answer that stops the vCPU before the instruction.</summary>
    public static UnownedAccessResponse Stop => new(UnownedAccessPolicy.Stop, 0);

    /// <summary>Gets what happens; never <see cref="UnownedAccessPolicy.Handler"/>. <see cref="UnownedAccessPolicy.ReadZeroIgnoreWrite"/> stands for completion with <see cref="Data"/>.</summary>
    public UnownedAccessPolicy Action { get; }

    /// <summary>Gets what a load reads, as a little-endian number.</summary>
    public ulong Data { get; }

    /// <summary>Compares for equality.</summary>
    /// <param name="left">One answer.</param>
    /// <param name="right">The other answer.</param>
    /// <returns>True when both say the same.</returns>
    public static bool operator ==(UnownedAccessResponse left, UnownedAccessResponse right) => left.Equals(right);

    /// <summary>Compares for inequality.</summary>
    /// <param name="left">One answer.</param>
    /// <param name="right">The other answer.</param>
    /// <returns>True when they differ.</returns>
    public static bool operator !=(UnownedAccessResponse left, UnownedAccessResponse right) => !left.Equals(right);

    /// <summary>Makes the answer that completes the access: a load reads the data, a store has no effect.</summary>
    /// <param name="data">What a load reads, as a little-endian number; bits above its size are ignored.</param>
    /// <returns>The answer.</returns>
    public static UnownedAccessResponse Complete(ulong data = 0) => new(UnownedAccessPolicy.ReadZeroIgnoreWrite, data);

    /// <inheritdoc/>
    public bool Equals(UnownedAccessResponse other) => Action == other.Action && Data == other.Data;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is UnownedAccessResponse other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => ((int)Action * 397) ^ Data.GetHashCode();
}
