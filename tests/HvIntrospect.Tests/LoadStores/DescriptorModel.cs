using System.Collections.Generic;
using System.Linq;
using System.Numerics;

namespace HvIntrospect.Tests.LoadStores;

/// <summary>
/// The rules of read-check-writes one after the other, as the manual states them (DDI 0487, "Translation Hardening Extension": R_VDPDW, R_NYFNK; "RCWMASK_EL1",
/// "RCWSMASK_EL1": Effective value), bit by bit over sets of bits. Shares nothing with the library.
/// </summary>
internal sealed class DescriptorModel
{
    public required int Bits { get; init; }

    public required bool IsProtectionEnabled { get; init; }

    public required BigInteger RcwMask { get; init; }

    public required BigInteger RcwsMask { get; init; }

    /// <summary>Gets the bits that have no function because FEAT_S1POE or FEAT_MEC is absent.</summary>
    public int[] Absent { get; init; } = [];

    private int Protected => Bits == 64 ? 52 : 114;

    /// <summary>Gets NZCV as letters, the set ones in capitals.</summary>
    public string Flags(BigInteger old, BigInteger updated, bool isSoft)
    {
        bool z = IsProtectionEnabled && RcwFails(old, updated);
        bool c = !(isSoft && RcwsFails(old, updated));
        return $"n{(z ? 'Z' : 'z')}{(c ? 'C' : 'c')}v";
    }

    private bool RcwFails(BigInteger old, BigInteger updated)
    {
        // RCW State Checks.
        if (IsOne(old, Protected) && (Differs(Protected) || Differs(0)))
        {
            return true;
        }

        if (!IsOne(old, Protected) && Differs(Protected))
        {
            return true;
        }

        // RCW Mask Check.
        return IsOne(old, Protected) && IsOne(old, 0) && Enumerable.Range(0, Bits).Any(bit => Differs(bit) && !IsWritable(RcwMask, bit, isSoft: false));

        bool Differs(int bit) => IsOne(old, bit) != IsOne(updated, bit);
    }

    private bool RcwsFails(BigInteger old, BigInteger updated)
    {
        // RCWS State check.
        bool isValid = IsOne(old, 0);
        if (isValid != IsOne(updated, 0) && (isValid || !IsProtectionEnabled || !IsOne(old, Protected)))
        {
            return true;
        }

        // RCWS Mask check.
        return isValid && Enumerable.Range(0, Bits).Any(bit => IsOne(old, bit) != IsOne(updated, bit) && !IsWritable(RcwsMask, bit, isSoft: true));
    }

    private bool IsWritable(BigInteger mask, int bit, bool isSoft)
    {
        if (Absent.Contains(bit))
        {
            return false;
        }

        if (Bits == 64)
        {
            return bit switch
            {
                0 => false,
                >= 18 and <= 49 => IsOne(mask, 17),
                52 when isSoft && IsProtectionEnabled => false,
                _ => IsOne(mask, bit),
            };
        }

        HashSet<int> never = [126, 125, 120, 119, .. Enumerable.Range(101, 7), .. Enumerable.Range(56, 35), 1, 0];
        return !never.Contains(bit) && !(isSoft && bit == 114) && IsOne(mask, bit is >= 17 and <= 55 ? 16 : bit);
    }

    private static bool IsOne(BigInteger value, int bit) => ((value >> bit) & 1) == 1;
}
