using System;

namespace HvIntrospect.Introspection;

/// <summary>Something that the embedder should know of and that is no event of a watch.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed class IntrospectionReport
{
    internal IntrospectionReport(IntrospectionReportKind kind, int vcpu, Va pc, Ipa ipa, uint opcode, string detail)
    {
        Kind = kind;
        VcpuIndex = vcpu;
        Pc = pc;
        Ipa = ipa;
        Opcode = opcode;
        Detail = detail;
    }

    /// <summary>Gets what it tells.</summary>
    public IntrospectionReportKind Kind { get; }

    /// <summary>Gets the number of the vCPU.</summary>
    public int VcpuIndex { get; }

    /// <summary>Gets the instruction's address.</summary>
    public Va Pc { get; }

    /// <summary>Gets the IPA, as far as it is known; otherwise 0.</summary>
    public Ipa Ipa { get; }

    /// <summary>Gets the instruction word, as far as it is known; otherwise 0.</summary>
    public uint Opcode { get; }

    /// <summary>Gets the encoding, the field or the direction that it is about.</summary>
    public string Detail { get; }

    /// <summary>Formats all parts.</summary>
    /// <returns>For example <c>UnownedAccess at 0x40000210 (vCPU 0, IPA 0x8000000): read of 4 bytes</c>.</returns>
    public override string ToString() => FormattableString.Invariant($"{Kind} at {Pc} (vCPU {VcpuIndex}, IPA {Ipa}): {Detail}");
}
