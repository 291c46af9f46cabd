using HvIntrospect.Registers;

namespace HvIntrospect.Samples.Decode.Faults;

/// <summary>Fault status codes in words.</summary>
internal static class StatusText
{
    /// <summary>Says what DFSC or IFSC means.</summary>
    /// <param name="status">The code.</param>
    /// <param name="isStage1Walk">True for S1PTW: the levels are those of the Stage 2 walk for the table.</param>
    public static string Of(FaultStatus status, bool isStage1Walk)
    {
        string kind = status.Kind switch
        {
            FaultKind.AddressSize => "Address size fault",
            FaultKind.Translation => "Translation fault",
            FaultKind.AccessFlag => "Access flag fault",
            FaultKind.Permission => "Permission fault",
            FaultKind.SynchronousExternal => "synchronous External abort",
            FaultKind.TagCheck => "synchronous Tag Check fault",
            FaultKind.SynchronousExternalOnWalk => "synchronous External abort on a translation table walk",
            FaultKind.Parity => "synchronous parity or ECC error",
            FaultKind.ParityOnWalk => "synchronous parity or ECC error on a translation table walk",
            FaultKind.Alignment => "Alignment fault",
            FaultKind.Debug => "debug exception",
            FaultKind.GranuleProtection => "Granule Protection Fault",
            FaultKind.GranuleProtectionOnWalk => "Granule Protection Fault on a translation table walk",
            FaultKind.TlbConflict => "TLB conflict abort",
            FaultKind.UnsupportedAtomicUpdate => "unsupported atomic hardware update of a descriptor",
            FaultKind.Lockdown => "IMPLEMENTATION DEFINED fault (lockdown)",
            FaultKind.UnsupportedExclusiveOrAtomic => "IMPLEMENTATION DEFINED fault (exclusive, atomic or 64-byte access that the memory does not support)",
            _ => "reserved code",
        };
        string level = status.Level is int known ? $", level {known}" : string.Empty;
        string stage = IsStage2(status) ? isStage1Walk ? " of Stage 2, on an access of the guest's own Stage 1 walk" : " of Stage 2" : string.Empty;
        return $"{kind}{level}{stage}";
    }

    /// <summary>Tests for the kinds that Stage 2 raises for ordinary accesses of a guest.</summary>
    public static bool IsStage2(FaultStatus status) =>
        status.Kind is FaultKind.AddressSize or FaultKind.Translation or FaultKind.AccessFlag or FaultKind.Permission;
}
