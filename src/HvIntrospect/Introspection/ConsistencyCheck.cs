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

        // A 64-byte access has no meaningful SAS. AR is left out: sources differ on it for LDLAR and LDAPUR.
        return access.TotalSize <= 8 && syndrome.AccessSize != access.ElementSize ? "SAS"
            : syndrome.TransferRegister != access.Rt ? "SRT"
            : syndrome.SignExtend != access.SignExtends ? "SSE"
            : syndrome.Is64Bit != (access.RegisterBits == 64) ? "SF"
            : null;
    }
}
