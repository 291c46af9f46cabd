using HvIntrospect.Registers;

namespace HvIntrospect.Introspection;

/// <summary>TLB maintenance of a guest that was trapped because the guest has several Stage 2 views: performed for all of them.</summary>
/// <remarks>
/// Arm Architecture Reference Manual (DDI 0487), "A64 System instruction class". Those for the Outer Shareable domain are performed for the Inner Shareable one, which
/// holds all cores that run the machine; those with nXS (FEAT_XS) as the others, which wait for more.
/// </remarks>
internal static class GuestInvalidation
{
    private const int System = 1;
    private const int Tlbi = 8;
    private const int TlbiNxs = 9;

    /// <summary>Performs the instruction of an exit.</summary>
    /// <param name="views">The machine's views.</param>
    /// <param name="vcpu">The vCPU.</param>
    /// <param name="syndrome">The syndrome of the trap.</param>
    /// <returns>False when it is another instruction.</returns>
    public static bool TryPerform(IStage2Views views, IVcpu vcpu, in SystemRegisterSyndrome syndrome)
    {
        SystemRegister name = syndrome.Register;
        if (syndrome.IsRead || name.Op0 != System || name.Op1 != 0 || name.CRn is not (Tlbi or TlbiNxs) || OperationOf(name.CRm, name.Op2) is not TlbiOperation operation)
        {
            return false;
        }

        views.Invalidate(vcpu, operation, syndrome.Rt == CoreRegisters.GeneralCount ? 0 : vcpu.Core[syndrome.Rt]);
        return true;
    }

    private static TlbiOperation? OperationOf(int crm, int op2) => (crm, op2) switch
    {
        (7, 0) => TlbiOperation.Vmalle1,
        (7, 1) => TlbiOperation.Vae1,
        (7, 2) => TlbiOperation.Aside1,
        (7, 3) => TlbiOperation.Vaae1,
        (7, 5) => TlbiOperation.Vale1,
        (7, 7) => TlbiOperation.Vaale1,
        (1 or 3, 0) => TlbiOperation.Vmalle1Is,
        (1 or 3, 1) => TlbiOperation.Vae1Is,
        (1 or 3, 2) => TlbiOperation.Aside1Is,
        (1 or 3, 3) => TlbiOperation.Vaae1Is,
        (1 or 3, 5) => TlbiOperation.Vale1Is,
        (1 or 3, 7) => TlbiOperation.Vaale1Is,
        (6, 1) => TlbiOperation.Rvae1,
        (6, 3) => TlbiOperation.Rvaae1,
        (6, 5) => TlbiOperation.Rvale1,
        (6, 7) => TlbiOperation.Rvaale1,
        (2 or 5, 1) => TlbiOperation.Rvae1Is,
        (2 or 5, 3) => TlbiOperation.Rvaae1Is,
        (2 or 5, 5) => TlbiOperation.Rvale1Is,
        (2 or 5, 7) => TlbiOperation.Rvaale1Is,
        _ => null,
    };
}
