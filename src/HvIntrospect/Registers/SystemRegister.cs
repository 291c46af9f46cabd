using System;
using System.Globalization;

namespace HvIntrospect.Registers;

/// <summary>The name of a system register: op0, op1, CRn, CRm and op2 as in MRS and MSR.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "AArch64 System register encoding". Immutable and thread-safe.</remarks>
public readonly partial struct SystemRegister : IEquatable<SystemRegister>
{
    /// <summary>Makes a name from the fields of MRS and MSR.</summary>
    /// <param name="op0">0 to 3.</param>
    /// <param name="op1">0 to 7.</param>
    /// <param name="crn">CRn, 0 to 15.</param>
    /// <param name="crm">CRm, 0 to 15.</param>
    /// <param name="op2">0 to 7.</param>
    /// <exception cref="ArgumentOutOfRangeException">A field is out of its range.</exception>
    public SystemRegister(int op0, int op1, int crn, int crm, int op2)
    {
        Encoding = (ushort)((Check(op0, 3, nameof(op0)) << 14) | (Check(op1, 7, nameof(op1)) << 11) | (Check(crn, 15, nameof(crn)) << 7)
            | (Check(crm, 15, nameof(crm)) << 3) | Check(op2, 7, nameof(op2)));
    }

    private SystemRegister(ushort encoding)
    {
        Encoding = encoding;
    }

    /// <summary>Gets the five fields as bits 20:5 of MRS and MSR hold them: op0, op1, CRn, CRm, op2 from the top.</summary>
    public ushort Encoding { get; }

    /// <summary>Gets op0.</summary>
    public int Op0 => Encoding >> 14;

    /// <summary>Gets op1.</summary>
    public int Op1 => (Encoding >> 11) & 7;

    /// <summary>Gets CRn.</summary>
    public int CRn => (Encoding >> 7) & 15;

    /// <summary>Gets CRm.</summary>
    public int CRm => (Encoding >> 3) & 15;

    /// <summary>Gets op2.</summary>
    public int Op2 => Encoding & 7;

    /// <summary>Compares for equality.</summary>
    /// <param name="left">One name.</param>
    /// <param name="right">The other name.</param>
    /// <returns>True when all fields are the same.</returns>
    public static bool operator ==(SystemRegister left, SystemRegister right) => left.Encoding == right.Encoding;

    /// <summary>Compares for inequality.</summary>
    /// <param name="left">One name.</param>
    /// <param name="right">The other name.</param>
    /// <returns>True when some field differs.</returns>
    public static bool operator !=(SystemRegister left, SystemRegister right) => left.Encoding != right.Encoding;

    /// <summary>Makes a name from <see cref="Encoding"/>.</summary>
    /// <param name="encoding">16 bits; every value is a name.</param>
    /// <returns>The name.</returns>
    public static SystemRegister FromEncoding(ushort encoding) => new(encoding);

    /// <inheritdoc/>
    public bool Equals(SystemRegister other) => Encoding == other.Encoding;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is SystemRegister other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Encoding;

    private static int Check(int value, int maximum, string name) => (uint)value <= (uint)maximum
        ? value
        : throw new ArgumentOutOfRangeException(name, value, "The field is 0 to " + maximum.ToString(CultureInfo.InvariantCulture) + ".");
}
