using HvIntrospect.A64;
using HvIntrospect.Registers;

namespace HvIntrospect.Introspection;

/// <summary>Compares a syndrome with the instruction that is said to have caused it.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "ISS encoding for an exception from a Data Abort". ISV=0 is always legal.</remarks>
internal static class ConsistencyCheck
{
    /// <summary>Finds the first field that contradicts the instruction.</summary>
    /// <param name="access">The decoded instruction.</param>
    /// <param name="abort">The syndrome.</param>
    /// <returns>The field's name, or null.</returns>
    public static string? FirstContradiction(in LoadStoreAccess access, DataAbortSyndrome abort)
    {
        // An atomic reports a read or a write, depending on which was refused first: only loads and stores say something.
        if (access.Kind == LoadStoreKind.Load && abort.IsWrite)
        {
            return "WnR";
        }

        if (access.Kind == LoadStoreKind.Store && !abort.IsWrite)
        {
            return "WnR";
        }

        if (!abort.TryGetInstructionSyndrome(out InstructionSyndrome syndrome))
        {
            return null;
        }

        if (!access.MayReportSyndrome)
        {
            return "ISV";
        }

        // A 64-byte access has no meaningful SAS.
        return access.TotalSize <= 8 && syndrome.AccessSize != access.ElementSize ? "SAS"
            : syndrome.TransferRegister != access.Rt ? "SRT"
            : syndrome.SignExtend != access.SignExtends ? "SSE"
            : syndrome.Is64Bit != (access.RegisterBits == 64) ? "SF"
            : ContradictsOrder(access, syndrome.AcquireRelease) ? "AR"
            : null;
    }

    /// <summary>Tells whether a word is cache maintenance or address translation by address, whose aborts report CM=1. DC ZVA and its kin are stores.</summary>
    /// <param name="word">The instruction word.</param>
    /// <returns>True for SYS instructions of that group.</returns>
    public static bool IsMaintenance(uint word) => (word & 0xFFF8_F000) == 0xD508_7000 && (word & 0xF00) != 0x400;

    /// <summary>Finds the first field that contradicts cache maintenance, or an instruction that is none.</summary>
    /// <param name="word">The instruction word.</param>
    /// <param name="abort">The syndrome.</param>
    /// <returns>The field's name, or null.</returns>
    public static string? FirstContradictionOfMaintenance(uint word, DataAbortSyndrome abort) =>
        abort.IsCacheMaintenance != IsMaintenance(word) ? "CM"
        : !abort.IsWrite ? "WnR"
        : abort.TryGetInstructionSyndrome(out _) ? "ISV"
        : null;

    /// <summary>Sources differ on AR for LDLAR, LDAPR and what came with them: only plain accesses and LDAR and STLR say something.</summary>
    private static bool ContradictsOrder(in LoadStoreAccess access, bool isOrdered)
    {
        bool orders = access.IsAcquire || access.IsRelease;
        bool isCertain = access.Class == LoadStoreClass.Ordered ? !access.IsLORegion : !orders && !access.IsAcquirePc;
        return isCertain && isOrdered != orders;
    }
}
