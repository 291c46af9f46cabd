using System;
using System.Globalization;

namespace HvIntrospect.Registers;

/// <summary>HPFAR_EL2: the page of the faulting IPA of some Stage 2 faults.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "HPFAR_EL2, Hypervisor IPA Fault Address Register". Immutable and thread-safe.</remarks>
public readonly struct Hpfar : IEquatable<Hpfar>
{
    private const ulong FipaMask = ((1UL << 48) - 1) & ~0xFUL;

    /// <summary>Makes a value from the register.</summary>
    /// <param name="value">All 64 bits.</param>
    public Hpfar(ulong value)
    {
        Value = value;
    }

    /// <summary>Gets all 64 bits.</summary>
    public ulong Value { get; }

    /// <summary>Gets the IPA of the page, a multiple of 4096: FIPA, bits 47:4, is IPA[55:12].</summary>
    public Ipa Page => new((Value & FipaMask) << 8);

    /// <summary>Compares for equality.</summary>
    /// <param name="left">One value.</param>
    /// <param name="right">The other value.</param>
    /// <returns>True when all bits are the same.</returns>
    public static bool operator ==(Hpfar left, Hpfar right) => left.Value == right.Value;

    /// <summary>Compares for inequality.</summary>
    /// <param name="left">One value.</param>
    /// <param name="right">The other value.</param>
    /// <returns>True when some bit differs.</returns>
    public static bool operator !=(Hpfar left, Hpfar right) => left.Value != right.Value;

    /// <summary>Makes the value that reports an IPA.</summary>
    /// <param name="ipa">The faulting IPA, up to 56 bits.</param>
    /// <returns>The register value.</returns>
    public static Hpfar FromIpa(Ipa ipa) => new((ipa.Value >> 8) & FipaMask);

    /// <summary>Tells whether the register is architecturally valid after an exception to EL2.</summary>
    /// <param name="esr">The exception's syndrome.</param>
    /// <returns>True for Translation, Access flag and Address size faults of Stage 2 and for every Stage 2 fault on a Stage 1 walk. After a Permission fault that is not on a walk it is UNKNOWN: find the IPA by walking Stage 1.</returns>
    public static bool IsValidFor(Esr esr)
    {
        FaultStatus status;
        bool walk;
        if (esr.TryGetDataAbort(out DataAbortSyndrome data))
        {
            status = data.Status;
            walk = data.IsStage1Walk;
        }
        else if (esr.TryGetInstructionAbort(out InstructionAbortSyndrome fetch))
        {
            status = fetch.Status;
            walk = fetch.IsStage1Walk;
        }
        else
        {
            return false;
        }

        return status.Kind is FaultKind.Translation or FaultKind.AccessFlag or FaultKind.AddressSize
            || (walk && status.Kind == FaultKind.Permission);
    }

    /// <inheritdoc/>
    public bool Equals(Hpfar other) => Value == other.Value;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Hpfar other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Value.GetHashCode();

    /// <summary>Formats the register value.</summary>
    /// <returns>For example <c>0x400010</c>.</returns>
    public override string ToString() => "0x" + Value.ToString("x", CultureInfo.InvariantCulture);
}
