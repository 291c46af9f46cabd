namespace HvIntrospect.Interpreter.Mmu;

/// <summary>What leaf descriptors permit.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "Memory access control".</remarks>
internal static class DescriptorPermissions
{
    private const ulong UserTable = 1UL << 61;
    private const ulong ReadOnlyTable = 1UL << 62;
    private const ulong UserNeverTable = 1UL << 60;
    private const ulong PrivilegedNeverTable = 1UL << 59;

    /// <summary>Decodes a Stage 1 leaf of a regime with EL0.</summary>
    /// <param name="descriptor">The descriptor; a writable-clean one counts as writable.</param>
    /// <param name="isWritable">True when AP[2] permits writes, effectively.</param>
    /// <param name="hierarchy">Bits 63:59 of the tables above, or-ed; 0 where they do not count.</param>
    /// <param name="writeExecuteNever">SCTLR_ELx.WXN.</param>
    /// <returns>What is permitted, without PSTATE.PAN.</returns>
    public static PagePermissions OfStage1(ulong descriptor, bool isWritable, ulong hierarchy, bool writeExecuteNever)
    {
        bool user = (descriptor & (1UL << 6)) != 0 && (hierarchy & UserTable) == 0;
        bool writable = isWritable && (hierarchy & ReadOnlyTable) == 0;
        bool userNever = ((descriptor & (1UL << 54)) | (hierarchy & UserNeverTable)) != 0;
        bool privilegedNever = ((descriptor & (1UL << 53)) | (hierarchy & PrivilegedNeverTable)) != 0;
        PagePermissions result = PagePermissions.ReadEl1;
        result |= writable ? PagePermissions.WriteEl1 : 0;
        result |= user ? PagePermissions.ReadEl0 : 0;
        result |= user && writable ? PagePermissions.WriteEl0 : 0;

        // What EL0 can write EL1 never executes; with WXN nobody executes what he can write.
        result |= privilegedNever || (user && writable) || (writable && writeExecuteNever) ? 0 : PagePermissions.ExecuteEl1;
        result |= userNever || (user && writable && writeExecuteNever) ? 0 : PagePermissions.ExecuteEl0;
        return result;
    }

    /// <summary>Decodes a Stage 2 leaf.</summary>
    /// <param name="descriptor">The descriptor.</param>
    /// <param name="isWritable">True when S2AP[1] permits writes, effectively.</param>
    /// <param name="hasTwoBits">True with FEAT_XNX: XN has a bit more, for EL0 and EL1 apart.</param>
    /// <returns>What is permitted.</returns>
    public static PagePermissions OfStage2(ulong descriptor, bool isWritable, bool hasTwoBits)
    {
        PagePermissions result = PagePermissions.None;
        result |= (descriptor & (1UL << 6)) != 0 ? PagePermissions.ReadEl1 | PagePermissions.ReadEl0 : 0;
        result |= isWritable ? PagePermissions.WriteEl1 | PagePermissions.WriteEl0 : 0;
        bool never = (descriptor & (1UL << 54)) != 0;
        bool other = hasTwoBits && (descriptor & (1UL << 53)) != 0;

        // XN[1:0]: 00 both, 01 EL0 only, 10 nobody, 11 EL1 only. Without FEAT_XNX the lower bit counts as 0.
        result |= never == other ? PagePermissions.ExecuteEl1 : 0;
        result |= never ? 0 : PagePermissions.ExecuteEl0;
        return result;
    }

    /// <summary>Gets what is permitted at one Exception level.</summary>
    /// <param name="permissions">The permissions of both.</param>
    /// <param name="el">0 or 1.</param>
    /// <returns>The access; of fetches those at this level alone.</returns>
    public static Stage2Access At(PagePermissions permissions, int el) => el == 0
        ? (Stage2Access)permissions & Stage2Access.ExecuteEl0 | (Stage2Access)((int)permissions >> 4) & Stage2Access.ReadWrite
        : (Stage2Access)permissions & (Stage2Access.ReadWrite | Stage2Access.ExecuteEl1);

    /// <summary>Takes data accesses of EL1 away where PSTATE.PAN denies them.</summary>
    /// <param name="permissions">What Stage 1 permits.</param>
    /// <param name="withExecution">SCTLR_ELx.EPAN: also where EL0 may only execute.</param>
    /// <returns>What is left.</returns>
    public static PagePermissions WithPrivilegedAccessNever(PagePermissions permissions, bool withExecution)
    {
        PagePermissions user = PagePermissions.ReadEl0 | (withExecution ? PagePermissions.ExecuteEl0 : PagePermissions.None);
        return (permissions & user) != 0 ? permissions & ~(PagePermissions.ReadEl1 | PagePermissions.WriteEl1) : permissions;
    }
}
