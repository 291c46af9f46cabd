using HvIntrospect.Interpreter.Dispatch;

namespace HvIntrospect.Interpreter.Operations.SystemInstructions;

/// <summary>Binds exception-generating and system instructions, hints and barriers.</summary>
internal static class SystemBinders
{
    private const uint RegisterMask = 31;

    private static readonly string[] s_withoutEffect =
    [
        "NOP_HI_hints", "YIELD_HI_hints", "DGH_HI_hints", "HINT_HM_hints", "PSB_HC_hints", "TSB_HC_hints", "CSDB_HI_hints", "BTI_HB_hints",
        "DMB_BO_barriers", "SB_only_barriers",
    ];

    /// <summary>Adds the binders.</summary>
    /// <param name="table">The table to add them to.</param>
    public static void AddTo(OperationTable table)
    {
        foreach (string id in s_withoutEffect)
        {
            Bind<NoOperation>(table, id);
        }

        Bind<WaitForInterrupt>(table, "WFI_HI_hints");
        Bind<WaitForEvent>(table, "WFE_HI_hints");
        Bind<SynchroniseErrors>(table, "ESB_HI_hints");
        Bind<SendEvent>(table, "SEV_HI_hints");
        Bind<SendEventLocal>(table, "SEVL_HI_hints");
        Bind<ClearExclusive>(table, "CLREX_BN_barriers");
        Bind<CompleteAccesses>(table, "DSB_BO_barriers");
        Bind<CompleteAccesses>(table, "DSB_BOn_barriers");
        Bind<SynchroniseContext>(table, "ISB_BI_barriers");
        Bind<SupervisorCall>(table, "SVC_EX_exception");
        Bind<HypervisorCall>(table, "HVC_EX_exception");
        Bind<SecureMonitorCall>(table, "SMC_EX_exception");
        Bind<BreakpointCall>(table, "BRK_EX_exception");

        // Halting debug is not allowed, so there is no Debug state to enter or to leave.
        Bind<DebugStateInstruction>(table, "HLT_EX_exception");
        Bind<DebugStateInstruction>(table, "DCPS1_DC_exception");
        Bind<DebugStateInstruction>(table, "DCPS2_DC_exception");
        Bind<DebugStateInstruction>(table, "DCPS3_DC_exception");
        Bind<DebugStateInstruction>(table, "DRPS_64E_branch_reg");
        Bind<ReturnFromException>(table, "ERET_64E_branch_reg");
        Bind<WriteStateImmediate>(table, "MSR_SI_pstate");
        Bind<UnknownSystemInstruction>(table, "SYSL_RC_systeminstrs");
        table.Bind("MRS_RS_systemmove", static (uint word, ref OperationBuilder builder) =>
        {
            builder.Value.Rd = OperationBuilder.Destination(word & RegisterMask);
            builder.Use<ReadSystemRegister>();
        });
        table.Bind("MSR_SR_systemmove", static (uint word, ref OperationBuilder builder) =>
        {
            builder.Value.Rd = OperationBuilder.Source(word & RegisterMask);
            builder.Use<WriteSystemRegister>();
        });
        table.Bind("SYS_CR_systeminstrs", static (uint word, ref OperationBuilder builder) =>
        {
            builder.Value.Rd = OperationBuilder.Source(word & RegisterMask);
            builder.Use<ExecuteSystemInstruction>();
        });
    }

    private static void Bind<T>(OperationTable table, string id)
        where T : struct, IOperation => table.Bind(id, static (uint _, ref OperationBuilder builder) => builder.Use<T>());
}
