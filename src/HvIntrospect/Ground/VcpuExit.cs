using System;
using System.Globalization;
using HvIntrospect.Registers;

namespace HvIntrospect;

/// <summary>One exit of a vCPU, as a backend reports it: a kind and what is valid for it.</summary>
/// <remarks>
/// Each part that hardware or an interface may leave out has a validity flag of its own; the instruction syndrome's fields exist only behind
/// <see cref="Esr"/>'s typed views. Immutable; make one with the factory of its kind.
/// </remarks>
public readonly struct VcpuExit
{
    private readonly Parts _parts;
    private readonly Ipa _ipa;

    private VcpuExit(VcpuExitKind kind, Esr esr, Va far, Hpfar hpfar, Ipa ipa, uint opcode, ulong data, int length, Parts parts)
    {
        Kind = kind;
        Esr = esr;
        Far = far;
        Hpfar = hpfar;
        _ipa = ipa;
        Opcode = opcode;
        Data = data;
        Length = length;
        _parts = parts;
    }

    [Flags]
    private enum Parts : byte
    {
        None = 0,
        Far = 1,
        Hpfar = 2,
        Ipa = 4,
        Opcode = 8,
        Write = 16,
    }

    /// <summary>Gets the kind.</summary>
    public VcpuExitKind Kind { get; }

    /// <summary>Gets the syndrome: complete for <see cref="VcpuExitKind.Exception"/> and <see cref="VcpuExitKind.DebugEvent"/>, with only the ISV-independent part of ISS for <see cref="VcpuExitKind.NotDecodedMmio"/>, 0 otherwise.</summary>
    public Esr Esr { get; }

    /// <summary>Gets FAR_EL2; meaningful when <see cref="HasFar"/>.</summary>
    public Va Far { get; }

    /// <summary>Gets HPFAR_EL2 as the hardware left it; meaningful when <see cref="HasHpfar"/>. Whether it is architecturally valid depends on the syndrome: <see cref="Registers.Hpfar.IsValidFor"/>.</summary>
    public Hpfar Hpfar { get; }

    /// <summary>Gets the instruction word that the hardware reported with the exit; meaningful when <see cref="HasOpcode"/>. It may have been rewritten in memory since.</summary>
    public uint Opcode { get; }

    /// <summary>Gets the data of a write in <see cref="VcpuExitKind.HalfDecodedMmio"/>, zero-extended; the code of a <see cref="VcpuExitKind.BackendFailure"/>, <see cref="VcpuExitKind.SystemEvent"/> or <see cref="VcpuExitKind.Hypercall"/> (its immediate).</summary>
    public ulong Data { get; }

    /// <summary>Gets the length of a <see cref="VcpuExitKind.HalfDecodedMmio"/> in bytes: 1, 2, 4 or 8.</summary>
    public int Length { get; }

    /// <summary>Gets a value indicating whether a <see cref="VcpuExitKind.HalfDecodedMmio"/> is a write.</summary>
    public bool IsWrite => (_parts & Parts.Write) != 0;

    /// <summary>Gets a value indicating whether <see cref="Far"/> is valid.</summary>
    public bool HasFar => (_parts & Parts.Far) != 0;

    /// <summary>Gets a value indicating whether <see cref="Hpfar"/> was reported.</summary>
    public bool HasHpfar => (_parts & Parts.Hpfar) != 0;

    /// <summary>Gets a value indicating whether <see cref="Opcode"/> is valid.</summary>
    public bool HasOpcode => (_parts & Parts.Opcode) != 0;

    /// <summary>Makes an exception exit.</summary>
    /// <param name="esr">ESR_EL2.</param>
    /// <param name="far">FAR_EL2, or null when the exception did not write it.</param>
    /// <param name="hpfar">HPFAR_EL2, or null when the exception did not write it.</param>
    /// <param name="opcode">The instruction word, where the hardware reports it.</param>
    /// <returns>The exit.</returns>
    public static VcpuExit FromException(Esr esr, Va? far = null, Hpfar? hpfar = null, uint? opcode = null) => new(
        VcpuExitKind.Exception, esr, far.GetValueOrDefault(), hpfar.GetValueOrDefault(), default, opcode.GetValueOrDefault(), 0, 0,
        (far.HasValue ? Parts.Far : 0) | (hpfar.HasValue ? Parts.Hpfar : 0) | (opcode.HasValue ? Parts.Opcode : 0));

    /// <summary>Makes an exception exit of a backend that reports the IPA exactly instead of HPFAR_EL2.</summary>
    /// <param name="esr">ESR_EL2.</param>
    /// <param name="ipa">The faulting IPA, to the byte.</param>
    /// <param name="far">The faulting VA, or null when it is not known.</param>
    /// <param name="opcode">The instruction word, where it is known.</param>
    /// <returns>The exit.</returns>
    public static VcpuExit FromExceptionWithIpa(Esr esr, Ipa ipa, Va? far = null, uint? opcode = null) => new(
        VcpuExitKind.Exception, esr, far.GetValueOrDefault(), default, ipa, opcode.GetValueOrDefault(), 0, 0,
        Parts.Ipa | (far.HasValue ? Parts.Far : 0) | (opcode.HasValue ? Parts.Opcode : 0));

    /// <summary>Makes a decoded device access that the backend completes.</summary>
    /// <param name="ipa">The first byte.</param>
    /// <param name="length">1, 2, 4 or 8 bytes.</param>
    /// <param name="isWrite">True for a store.</param>
    /// <param name="data">The stored value, zero-extended; 0 for a load.</param>
    /// <returns>The exit.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="length"/> is not 1, 2, 4 or 8.</exception>
    public static VcpuExit FromHalfDecodedMmio(Ipa ipa, int length, bool isWrite, ulong data)
    {
        if (length is not (1 or 2 or 4 or 8))
        {
            throw new ArgumentOutOfRangeException(nameof(length), length, "A decoded access is 1, 2, 4 or 8 bytes long.");
        }

        return new VcpuExit(
            VcpuExitKind.HalfDecodedMmio, default, default, default, ipa, 0, data, length, Parts.Ipa | (isWrite ? Parts.Write : 0));
    }

    /// <summary>Makes an access that the backend could not decode.</summary>
    /// <param name="ipa">The faulting IPA.</param>
    /// <param name="iss">The part of the data abort's ISS that does not depend on ISV.</param>
    /// <returns>The exit.</returns>
    public static VcpuExit FromNotDecodedMmio(Ipa ipa, uint iss) => new(
        VcpuExitKind.NotDecodedMmio, Esr.Create(ExceptionClass.DataAbortLowerEl, iss), default, default, ipa, 0, 0, 0, Parts.Ipa);

    /// <summary>Makes a host debug event.</summary>
    /// <param name="esr">The syndrome of the debug exception.</param>
    /// <param name="far">The watchpoint's address, or null.</param>
    /// <returns>The exit.</returns>
    public static VcpuExit FromDebugEvent(Esr esr, Va? far = null) => new(
        VcpuExitKind.DebugEvent, esr, far.GetValueOrDefault(), default, default, 0, 0, 0, far.HasValue ? Parts.Far : Parts.None);

    /// <summary>Makes an exit of one of the kinds that carry at most a code.</summary>
    /// <param name="kind"><see cref="VcpuExitKind.Hypercall"/>, <see cref="VcpuExitKind.SystemEvent"/>, <see cref="VcpuExitKind.Halted"/>, <see cref="VcpuExitKind.Canceled"/> or <see cref="VcpuExitKind.BackendFailure"/>.</param>
    /// <param name="code">The code or immediate; 0 where there is none.</param>
    /// <returns>The exit.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="kind"/> is another kind.</exception>
    public static VcpuExit FromCode(VcpuExitKind kind, ulong code = 0)
    {
        if (kind is not (VcpuExitKind.Hypercall or VcpuExitKind.SystemEvent or VcpuExitKind.Halted or VcpuExitKind.Canceled or VcpuExitKind.BackendFailure))
        {
            throw new ArgumentOutOfRangeException(nameof(kind), kind, "This kind of exit has its own factory.");
        }

        return new VcpuExit(kind, default, default, default, default, 0, code, 0, Parts.None);
    }

    /// <summary>Gets the faulting IPA as far as the exit itself tells it.</summary>
    /// <param name="ipa">The IPA. From HPFAR_EL2 it is exact to the page, and the offset in the page is FAR_EL2's.</param>
    /// <returns>False when the exit does not tell it (no HPFAR, or HPFAR is UNKNOWN for this syndrome): walk Stage 1 instead.</returns>
    public bool TryGetIpa(out Ipa ipa)
    {
        if ((_parts & Parts.Ipa) != 0)
        {
            ipa = _ipa;
            return true;
        }

        if ((_parts & (Parts.Hpfar | Parts.Far)) == (Parts.Hpfar | Parts.Far) && Hpfar.IsValidFor(Esr))
        {
            // On a Stage 1 walk (S1PTW) FAR is the address being translated, so only the page of the table is known.
            bool walk = Esr.TryGetDataAbort(out DataAbortSyndrome data) ? data.IsStage1Walk
                : Esr.TryGetInstructionAbort(out InstructionAbortSyndrome fetch) && fetch.IsStage1Walk;
            ipa = walk ? Hpfar.Page : new Ipa(Hpfar.Page.Value | Far.OffsetIn(0x1000));
            return true;
        }

        ipa = default;
        return false;
    }

    /// <summary>Formats the exit for logs.</summary>
    /// <returns>The kind and its valid parts.</returns>
    public override string ToString()
    {
        string text = Kind.ToString();
        if (Kind is VcpuExitKind.Exception or VcpuExitKind.DebugEvent or VcpuExitKind.NotDecodedMmio)
        {
            text += " " + Esr;
        }

        if (HasFar)
        {
            text += " FAR=" + Far;
        }

        if (TryGetIpa(out Ipa ipa))
        {
            text += " IPA=" + ipa;
        }

        return Kind == VcpuExitKind.HalfDecodedMmio
            ? text + (IsWrite ? " W" : " R") + Length.ToString(CultureInfo.InvariantCulture)
            : text;
    }
}
