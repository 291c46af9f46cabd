using System.Globalization;

namespace HvIntrospect.Introspection;

/// <summary>What the embedder does with a vCPU after an exit.</summary>
/// <remarks>Immutable and thread-safe. The default value is <see cref="Resume"/>.</remarks>
public readonly struct VcpuAction
{
    private VcpuAction(VcpuActionKind kind, ulong data = 0, StopReason stop = default, UnhandledReason unhandled = default, string? detail = null)
    {
        Kind = kind;
        Data = data;
        StopReason = stop;
        UnhandledReason = unhandled;
        Detail = detail;
    }

    /// <summary>Gets the action that runs the vCPU again.</summary>
    public static VcpuAction Resume => default;

    /// <summary>Gets what to do.</summary>
    public VcpuActionKind Kind { get; }

    /// <summary>Gets what a half-decoded load reads, as a little-endian number; 0 for a store.</summary>
    public ulong Data { get; }

    /// <summary>Gets why the vCPU is left stopped.</summary>
    public StopReason StopReason { get; }

    /// <summary>Gets why the exit is the embedder's own.</summary>
    public UnhandledReason UnhandledReason { get; }

    /// <summary>Gets the name of the encoding or field that <see cref="StopReason"/> speaks of; null for other reasons.</summary>
    public string? Detail { get; }

    /// <summary>Makes the action that completes a half-decoded access.</summary>
    /// <param name="data">What a load reads, as a little-endian number; 0 for a store.</param>
    /// <returns>The action.</returns>
    public static VcpuAction CompleteMmio(ulong data) => new(VcpuActionKind.CompleteMmio, data);

    /// <summary>Makes the action that leaves the vCPU stopped.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="detail">The encoding or field.</param>
    /// <returns>The action.</returns>
    public static VcpuAction Stop(StopReason reason, string? detail = null) => new(VcpuActionKind.Stop, stop: reason, detail: detail);

    /// <summary>Makes the action that leaves the exit to the embedder.</summary>
    /// <param name="reason">Why.</param>
    /// <returns>The action.</returns>
    public static VcpuAction Unhandled(UnhandledReason reason) => new(VcpuActionKind.Unhandled, unhandled: reason);

    /// <summary>Formats the kind and its details.</summary>
    /// <returns>For example <c>Stop (Watch)</c>.</returns>
    public override string ToString() => Kind switch
    {
        VcpuActionKind.CompleteMmio => "CompleteMmio 0x" + Data.ToString("x", CultureInfo.InvariantCulture),
        VcpuActionKind.Stop => "Stop (" + StopReason + (Detail is null ? string.Empty : ", " + Detail) + ")",
        VcpuActionKind.Unhandled => "Unhandled (" + UnhandledReason + ")",
        _ => Kind.ToString(),
    };
}
