using System.Collections.Generic;
using HvIntrospect.Interpreter.Debug;
using HvIntrospect.Interpreter.Exceptions;
using HvIntrospect.Interpreter.Mmu;
using HvIntrospect.Interpreter.State;
using HvIntrospect.Interpreter.Timers;
using HvIntrospect.Registers;
using HvIntrospect.Translation;

namespace HvIntrospect.Interpreter.Operations.SystemInstructions;

/// <summary>The system registers of the interpreted core, by encoding.</summary>
/// <remarks>
/// Arm Architecture Reference Manual (DDI 0487), "AArch64 System register encoding". An AArch64-only core with debug registers, with a cycle counter as the only
/// performance monitor, and without the system register interface of an interrupt controller. What is not here is UNDEFINED.
/// </remarks>
internal static unsafe class SystemRegisterTable
{
    private const ulong Low32 = uint.MaxValue;

    // LDGM and STGM move the tags of 256 bytes: 2^6 words.
    private const ulong TagBlockWords = 6;
    private static readonly Dictionary<ushort, SystemRegisterRule> s_rules = Build();

    /// <summary>Finds the rule of a register.</summary>
    /// <param name="register">The register.</param>
    /// <param name="features">What the core implements.</param>
    /// <returns>The rule, or null where there is no such register.</returns>
    public static SystemRegisterRule? Find(SystemRegister register, A64Features features) =>
        s_rules.TryGetValue(register.Encoding, out SystemRegisterRule? rule) && (rule.Feature & ~features) == 0 ? rule : null;

    private static Dictionary<ushort, SystemRegisterRule> Build()
    {
        var rules = new Dictionary<ushort, SystemRegisterRule>();
        foreach (List<SystemRegisterRule> room in new[] { Identification(), Translation(), ExceptionsAndState(), ThreadsAndTimers(), PointerAuthentication(), AllocationTags(), PerformanceMonitors(), Debug(), Hypervisor() })
        {
            foreach (SystemRegisterRule rule in room)
            {
                rules.Add(rule.Register.Encoding, rule);
            }
        }

        return rules;
    }

    private static List<SystemRegisterRule> Identification()
    {
        List<SystemRegisterRule> rules =
        [
            new(SystemRegister.MidrEl1, RegisterAccess.Identification) { Reader = static (cpu, el) => el == 1 ? cpu->System.VpidrEl2 : Fixed(cpu, SystemRegister.MidrEl1) },
            new(SystemRegister.MpidrEl1, RegisterAccess.Identification) { Reader = static (cpu, el) => el == 1 ? cpu->System.VmpidrEl2 : Fixed(cpu, SystemRegister.MpidrEl1) },
            Fixed(SystemRegister.RevidrEl1, TrapGroup.Identification1),
            Fixed(SystemRegister.AidrEl1, TrapGroup.Identification1),
            Fixed(SystemRegister.ClidrEl1, TrapGroup.CacheIdentification),
            new(SystemRegister.CcsidrEl1, RegisterAccess.Identification)
            {
                Trap = TrapGroup.CacheIdentification, Reader = static (cpu, _) => IdentificationRegisters.CacheSize(cpu->System.CsselrEl1),
            },
            new(SystemRegister.CsselrEl1, RegisterAccess.El1, static (ref s) => ref s.CsselrEl1) { Trap = TrapGroup.CacheIdentification, Writable = 0xF },
            new(SystemRegister.CtrEl0, RegisterAccess.ReadOnlyEl0)
            {
                Condition = AccessCondition.CacheType, Trap = TrapGroup.Identification2, Reader = static (cpu, _) => Fixed(cpu, SystemRegister.CtrEl0),
            },
            new(SystemRegister.GmidEl1, RegisterAccess.Identification) { Feature = A64Features.MTE2, Trap = TrapGroup.Identification5, Reader = static (_, _) => TagBlockWords },
            new(SystemRegister.DczidEl0, RegisterAccess.ReadOnlyEl0) { Reader = IdentificationRegisters.CacheZero },
        ];

        // The whole space of feature registers: what is not allocated reads as 0.
        for (int crm = 1; crm <= 7; crm++)
        {
            for (int op2 = 0; op2 <= 7; op2++)
            {
                rules.Add(Fixed(new SystemRegister(3, 0, 0, crm, op2), TrapGroup.Identification3));
            }
        }

        return rules;
    }

    private static List<SystemRegisterRule> Translation() =>
    [
        new(SystemRegister.SctlrEl1, RegisterAccess.El1, static (ref s) => ref s.SctlrEl1)
        {
            Trap = TrapGroup.TranslationControls, Writer = WriteSctlr, Effects = WriteEffects.Translation | WriteEffects.Derived,
        },
        Control(SystemRegister.TcrEl1, static (ref s) => ref s.TcrEl1, ulong.MaxValue, WriteEffects.Translation),
        new(SystemRegister.Tcr2El1, RegisterAccess.El1, static (ref s) => ref s.Tcr2El1)
        {
            Feature = A64Features.THE, Trap = TrapGroup.ExtendedTranslationControls, Writable = Tcr2Writable, Effects = WriteEffects.Translation,
        },
        new(SystemRegister.RcwmaskEl1, RegisterAccess.El1, static (ref s) => ref s.RcwmaskEl1) { Feature = A64Features.THE, Writable = RcwmaskWritable },
        new(SystemRegister.RcwsmaskEl1, RegisterAccess.El1, static (ref s) => ref s.RcwsmaskEl1) { Feature = A64Features.THE, Writable = RcwsmaskWritable },
        Control(SystemRegister.Ttbr0El1, static (ref s) => ref s.Ttbr0El1, ulong.MaxValue, WriteEffects.Translation),
        Control(SystemRegister.Ttbr1El1, static (ref s) => ref s.Ttbr1El1, ulong.MaxValue, WriteEffects.Translation),
        Control(SystemRegister.MairEl1, static (ref s) => ref s.MairEl1, ulong.MaxValue, WriteEffects.Translation),
        Control(SystemRegister.AmairEl1, static (ref s) => ref s.AmairEl1),
        Control(SystemRegister.ContextidrEl1, static (ref s) => ref s.ContextidrEl1, Low32),
        Control(SystemRegister.Afsr0El1, static (ref s) => ref s.Afsr0El1, Low32),
        Control(SystemRegister.Afsr1El1, static (ref s) => ref s.Afsr1El1, Low32),
        Control(SystemRegister.EsrEl1, static (ref s) => ref s.EsrEl1, Low32),
        Control(SystemRegister.FarEl1, static (ref s) => ref s.FarEl1),
        new(SystemRegister.ParEl1, RegisterAccess.El1, static (ref s) => ref s.ParEl1),
        new(SystemRegister.ActlrEl1, RegisterAccess.El1, static (ref s) => ref s.ActlrEl1) { Trap = TrapGroup.AuxiliaryControl, Writable = 0 },
        new(SystemRegister.CpacrEl1, RegisterAccess.El1, static (ref s) => ref s.CpacrEl1)
        {
            Trap = TrapGroup.FeatureAccess, Writable = 3UL << 20, Effects = WriteEffects.Derived,
        },
        Limited(SystemRegister.LorsaEl1),
        Limited(SystemRegister.LoreaEl1),
        Limited(SystemRegister.LornEl1),
        Limited(SystemRegister.LorcEl1),
        new(SystemRegister.LoridEl1, RegisterAccess.ReadOnlyEl1) { Feature = A64Features.LOR, Trap = TrapGroup.LimitedOrdering },
    ];

    // No 128-bit descriptors and no indirect permissions.
    private const ulong Tcr2Writable = (ulong)(Tcr2Bits.PnCh | Tcr2Bits.Pttwi);

    // The Protected bit, all but one bit of the address, and the Valid bit are RES0; in the mask of RCWS* the first is not.
    private const ulong RcwmaskWritable = RcwsmaskWritable & ~(1UL << 52);
    private const ulong RcwsmaskWritable = 0xFFFC_0000_0003_FFFE;

    // EE, E0E and the controls of absent features are RES0; EOS, EIS, LSMAOE and nTLSMD are RES1, and SPAN without FEAT_PAN.
    private const ulong SctlrWritable = (ulong)(SctlrBits.M | SctlrBits.A | SctlrBits.C | SctlrBits.Sa | SctlrBits.Sa0 | SctlrBits.Uma | SctlrBits.I | SctlrBits.Dze
        | SctlrBits.Uct | SctlrBits.NTwi | SctlrBits.NTwe | SctlrBits.Wxn | SctlrBits.Span | SctlrBits.Uci | SctlrBits.NAa | SctlrBits.Dssbs
        | SctlrBits.E0e | SctlrBits.Ee);

    // TCF0 and TCF.
    private const ulong TagCheckFields = 0xFUL << 38;

    private static readonly (A64Features Feature, SctlrBits Bits)[] s_sctlrFeatures =
    [
        (A64Features.BTI, SctlrBits.Bt0 | SctlrBits.Bt1),
        (A64Features.PAuth, SctlrBits.EnIa | SctlrBits.EnIb | SctlrBits.EnDa | SctlrBits.EnDb),
        (A64Features.MOPS, SctlrBits.MscEn),
        (A64Features.MTE2, SctlrBits.Ata | SctlrBits.Ata0 | SctlrBits.Itfsb | (SctlrBits)TagCheckFields),
    ];

    private static List<SystemRegisterRule> ExceptionsAndState() =>
    [
        new(SystemRegister.SpsrEl1, RegisterAccess.El1, static (ref s) => ref s.SpsrEl1) { Writable = Low32 },
        new(SystemRegister.ElrEl1, RegisterAccess.El1, static (ref s) => ref s.ElrEl1),
        new(SystemRegister.VbarEl1, RegisterAccess.El1, static (ref s) => ref s.VbarEl1) { Writable = ~0x7FFUL },
        new(SystemRegister.IsrEl1, RegisterAccess.ReadOnlyEl1) { Reader = static (cpu, _) => Interrupts.Status(cpu) },
        new(SystemRegister.DisrEl1, RegisterAccess.El1)
        {
            Feature = A64Features.RAS,
            Reader = static (cpu, el) => Interrupts.DeferredError(ref cpu->System, el),
            Writer = static (cpu, value, el) => Interrupts.DeferredError(ref cpu->System, el) = value & DisrWritable,
        },
        new(SystemRegister.VdisrEl2, RegisterAccess.El2, static (ref s) => ref s.VdisrEl2) { Feature = A64Features.RAS, Writable = DisrWritable },

        // ERRIDR_EL1: there are no error records, and none can be selected.
        new(new SystemRegister(3, 0, 5, 3, 0), RegisterAccess.ReadOnlyEl1) { Feature = A64Features.RAS, Trap = TrapGroup.ErrorRecords },
        new(SystemRegister.SpEl0, RegisterAccess.El1)
        {
            Condition = AccessCondition.OwnStackPointer,
            Reader = static (cpu, _) => ProcessState.ReadSp(cpu, 0),
            Writer = static (cpu, value, _) => ProcessState.WriteSp(cpu, 0, value),
        },
        new(SystemRegister.SpEl1, RegisterAccess.El2)
        {
            Reader = static (cpu, _) => ProcessState.ReadSp(cpu, 1),
            Writer = static (cpu, value, _) => ProcessState.WriteSp(cpu, 1, value),
        },
        new(SystemRegister.CurrentEL, RegisterAccess.ReadOnlyEl1) { Reader = static (_, el) => (ulong)el << 2 },
        new(SystemRegister.SPSel, RegisterAccess.El1)
        {
            Reader = static (cpu, _) => cpu->Pstate & 1,
            Writer = static (cpu, value, _) => SetState(cpu, 1, value),
        },
        new(SystemRegister.Daif, RegisterAccess.El0)
        {
            Condition = AccessCondition.InterruptMasks,
            Reader = static (cpu, _) => cpu->Pstate & ProcessState.MasksMask,
            Writer = static (cpu, value, _) => SetState(cpu, ProcessState.MasksMask, value),
            Effects = WriteEffects.Events,
        },
        new(SystemRegister.Nzcv, RegisterAccess.El0)
        {
            Reader = static (cpu, _) => ProcessState.ReadFlags(cpu),
            Writer = static (cpu, value, _) => ProcessState.WriteFlags(cpu, (uint)value & ProcessState.FlagsMask),
        },
        StateField(SystemRegister.Pan, RegisterAccess.El1, A64Features.PAN, 1U << 22),
        StateField(SystemRegister.Uao, RegisterAccess.El1, A64Features.UAO, 1U << 23),
        StateField(SystemRegister.Dit, RegisterAccess.El0, A64Features.DIT, 1U << 24),
        StateField(SystemRegister.Ssbs, RegisterAccess.El0, A64Features.SSBS, 1U << 12),
        StateField(SystemRegister.Tco, RegisterAccess.El0, A64Features.MTE, 1U << 25),
        new(SystemRegister.Fpcr, RegisterAccess.El0)
        {
            Condition = AccessCondition.FloatingPoint,
            Reader = static (cpu, _) => cpu->Fpcr,
            Writer = static (cpu, value, _) => cpu->Fpcr = value & FpcrWritable,
        },
        new(SystemRegister.Fpsr, RegisterAccess.El0)
        {
            Condition = AccessCondition.FloatingPoint,
            Reader = static (cpu, _) => cpu->Fpsr,
            Writer = static (cpu, value, _) => cpu->Fpsr = value & FpsrWritable,
        },
    ];

    // A, IDS and ISS.
    private const ulong DisrWritable = (1UL << 31) | 0x1FF_FFFF;

    // AHP, DN, FZ and RMode: trapped floating-point exceptions are not implemented. N to V of FPSR belong to AArch32.
    private const ulong FpcrWritable = 0x07C0_0000;
    private const ulong FpsrWritable = 0x0800_009F;

    private static List<SystemRegisterRule> ThreadsAndTimers() =>
    [
        new(SystemRegister.TpidrEl0, RegisterAccess.El0, static (ref s) => ref s.TpidrEl0),
        new(SystemRegister.TpidrroEl0, RegisterAccess.El1 | RegisterAccess.ReadEl0, static (ref s) => ref s.TpidrroEl0),
        new(SystemRegister.TpidrEl1, RegisterAccess.El1, static (ref s) => ref s.TpidrEl1),
        new(SystemRegister.AccdataEl1, RegisterAccess.El1, static (ref s) => ref s.AccdataEl1) { Feature = A64Features.LS64_ACCDATA, Writable = Low32 },
        new(SystemRegister.CntkctlEl1, RegisterAccess.El1, static (ref s) => ref s.CntkctlEl1) { Writable = 0x3FF },
        new(SystemRegister.CntfrqEl0, RegisterAccess.ReadOnlyEl0 | RegisterAccess.WriteEl2, static (ref s) => ref s.CntfrqEl0)
        {
            Condition = AccessCondition.AnyCounter, Writable = Low32,
        },
        new(SystemRegister.CntpctEl0, RegisterAccess.ReadOnlyEl0)
        {
            Condition = AccessCondition.PhysicalCounter, Trap = TrapGroup.PhysicalCounter, Reader = static (cpu, _) => GenericTimer.PhysicalCount(cpu),
        },
        new(SystemRegister.CntvctEl0, RegisterAccess.ReadOnlyEl0)
        {
            Condition = AccessCondition.VirtualCounter, Reader = static (cpu, el) => GenericTimer.VirtualCount(cpu, el),
        },
        .. Timer(
            SystemRegister.CntpCtlEl0, SystemRegister.CntpCvalEl0, SystemRegister.CntpTvalEl0, RegisterAccess.El0, TimerKind.Physical,
            AccessCondition.PhysicalTimer, TrapGroup.PhysicalTimer),
        .. Timer(
            SystemRegister.CntvCtlEl0, SystemRegister.CntvCvalEl0, SystemRegister.CntvTvalEl0, RegisterAccess.El0, TimerKind.Virtual,
            AccessCondition.VirtualTimer, TrapGroup.None),
        .. Timer(
            SystemRegister.CnthpCtlEl2, SystemRegister.CnthpCvalEl2, SystemRegister.CnthpTvalEl2, RegisterAccess.El2, TimerKind.Hypervisor,
            AccessCondition.None, TrapGroup.None),
        .. Timer(
            SystemRegister.CnthvCtlEl2, SystemRegister.CnthvCvalEl2, SystemRegister.CnthvTvalEl2, RegisterAccess.El2, TimerKind.HypervisorVirtual,
            AccessCondition.None, TrapGroup.None, A64Features.VHE),
        new(SystemRegister.CntvoffEl2, RegisterAccess.El2, static (ref s) => ref s.CntvoffEl2) { Effects = WriteEffects.Events },
        new(SystemRegister.CnthctlEl2, RegisterAccess.El2, static (ref s) => ref s.CnthctlEl2) { Writable = 0xFFF, Effects = WriteEffects.Events },
    ];

    private static List<SystemRegisterRule> PointerAuthentication()
    {
        SystemRegister[] registers =
        [
            SystemRegister.ApiaKeyLoEl1, SystemRegister.ApiaKeyHiEl1, SystemRegister.ApibKeyLoEl1, SystemRegister.ApibKeyHiEl1,
            SystemRegister.ApdaKeyLoEl1, SystemRegister.ApdaKeyHiEl1, SystemRegister.ApdbKeyLoEl1, SystemRegister.ApdbKeyHiEl1,
            SystemRegister.ApgaKeyLoEl1, SystemRegister.ApgaKeyHiEl1,
        ];
        var rules = new List<SystemRegisterRule>();
        for (int i = 0; i < registers.Length; i++)
        {
            int n = i;
            rules.Add(new(registers[i], RegisterAccess.El1, (ref s) => ref s.PointerKeys[n])
            {
                Feature = A64Features.PAuth, Trap = TrapGroup.PointerAuthenticationKeys,
            });
        }

        return rules;
    }

    private static List<SystemRegisterRule> AllocationTags() =>
    [
        Tags(SystemRegister.RgsrEl1, static (ref s) => ref s.RgsrEl1, 0x00FF_FF0F),
        Tags(SystemRegister.GcrEl1, static (ref s) => ref s.GcrEl1, 0x1_FFFF),
        Tags(SystemRegister.TfsrEl1, static (ref s) => ref s.TfsrEl1, 3),
        Tags(SystemRegister.Tfsre0El1, static (ref s) => ref s.Tfsre0El1, 3),
    ];

    // The cycle counter is all that there is to count with: PMUv3 with PMCR_EL0.N = 0. What names an event counter is RAZ/WI.
    private static List<SystemRegisterRule> PerformanceMonitors() =>
    [
        new(SystemRegister.PmcrEl0, RegisterAccess.El0)
        {
            Condition = AccessCondition.PerformanceMonitors,
            Trap = TrapGroup.PerformanceMonitorsControl,
            Reader = static (cpu, _) => CycleCounter.Control(cpu),
            Writer = static (cpu, value, _) => CycleCounter.SetControl(cpu, value),
        },
        new(SystemRegister.PmccntrEl0, RegisterAccess.El0)
        {
            Condition = AccessCondition.CycleCounter,
            Trap = TrapGroup.PerformanceMonitors,
            Reader = static (cpu, _) => CycleCounter.Read(cpu),
            Writer = static (cpu, value, _) => CycleCounter.Write(cpu, value),
        },
        CycleFilter(SystemRegister.PmccfiltrEl0, static cpu => true),

        // PMSELR_EL0 selects the filter of the cycle counter by 31.
        CycleFilter(SystemRegister.PmxevtyperEl0, static cpu => cpu->System.PmselrEl0 == 31),
        Performance(SystemRegister.PmxevcntrEl0, RegisterAccess.El0),
        Performance(SystemRegister.PmselrEl0, RegisterAccess.El0, static (ref s) => ref s.PmselrEl0, 31),
        Performance(SystemRegister.PmswincEl0, RegisterAccess.WriteEl0 | RegisterAccess.WriteOnlyEl1),
        Performance(SystemRegister.Pmceid0El0, RegisterAccess.ReadOnlyEl0),
        Performance(SystemRegister.Pmceid1El0, RegisterAccess.ReadOnlyEl0),
        new(SystemRegister.PmuserenrEl0, RegisterAccess.El1 | RegisterAccess.ReadEl0, static (ref s) => ref s.PmuserenrEl0)
        {
            Trap = TrapGroup.PerformanceMonitors, Writable = 0xF,
        },
        CycleMask(SystemRegister.PmcntensetEl0, RegisterAccess.El0, static (ref s) => ref s.PmcntenEl0, isSet: true),
        CycleMask(SystemRegister.PmcntenclrEl0, RegisterAccess.El0, static (ref s) => ref s.PmcntenEl0, isSet: false),
        CycleMask(SystemRegister.PmovssetEl0, RegisterAccess.El0, static (ref s) => ref s.PmovsEl0, isSet: true),
        CycleMask(SystemRegister.PmovsclrEl0, RegisterAccess.El0, static (ref s) => ref s.PmovsEl0, isSet: false),
        CycleMask(SystemRegister.PmintensetEl1, RegisterAccess.El1, static (ref s) => ref s.PmintenEl1, isSet: true),
        CycleMask(SystemRegister.PmintenclrEl1, RegisterAccess.El1, static (ref s) => ref s.PmintenEl1, isSet: false),
    ];

    // The whole of what software may keep there; the external debugger's bits among it are storage.
    private const ulong MdscrWritable = 0xF7AF_F041;

    private static List<SystemRegisterRule> Debug()
    {
        List<SystemRegisterRule> rules =
        [
            new(SystemRegister.MdscrEl1, RegisterAccess.El1)
            {
                Trap = TrapGroup.Debug,
                Reader = static (cpu, _) => cpu->System.MdscrEl1,
                Writer = static (cpu, value, _) => FastTlb.SetMonitorDebug(cpu, new Mdscr(value & MdscrWritable)),
                Effects = WriteEffects.Events,
            },
            DebugRegister(SystemRegister.MdccintEl1, RegisterAccess.El1, static (ref s) => ref s.MdccintEl1, 3UL << 29),
            DebugRegister(SystemRegister.OsdtrrxEl1, RegisterAccess.El1, static (ref s) => ref s.OsdtrrxEl1, Low32),
            DebugRegister(SystemRegister.OsdtrtxEl1, RegisterAccess.El1, static (ref s) => ref s.OsdtrtxEl1, Low32),
            DebugRegister(SystemRegister.OseccrEl1, RegisterAccess.El1, static (ref s) => ref s.OseccrEl1, 0),
            DebugRegister(SystemRegister.MdrarEl1, RegisterAccess.ReadOnlyEl1, null, 0, TrapGroup.DebugRom),
            DebugRegister(SystemRegister.OsdlrEl1, RegisterAccess.El1, static (ref s) => ref s.OsDoubleLock, 1, TrapGroup.DebugOsLock, WriteEffects.Events),
            DebugRegister(SystemRegister.DbgprcrEl1, RegisterAccess.El1, static (ref s) => ref s.DbgprcrEl1, 1, TrapGroup.DebugOsLock, WriteEffects.Events),
            DebugRegister(SystemRegister.DbgauthstatusEl1, RegisterAccess.ReadOnlyEl1, null, 0),
            DebugRegister(SystemRegister.Dbgvcr32El2, RegisterAccess.El2, null, 0),
            new(SystemRegister.OslarEl1, RegisterAccess.WriteOnlyEl1)
            {
                Trap = TrapGroup.DebugOsLock, Writer = static (cpu, value, _) => cpu->System.OsLock = value & 1, Effects = WriteEffects.Events,
            },
            new(SystemRegister.OslsrEl1, RegisterAccess.ReadOnlyEl1)
            {
                // OSLM[1] says that the OS Lock is implemented.
                Trap = TrapGroup.DebugOsLock, Reader = static (cpu, _) => (1UL << 3) | (cpu->System.OsLock << 1),
            },
            new(SystemRegister.DbgclaimsetEl1, RegisterAccess.El1)
            {
                Trap = TrapGroup.Debug, Reader = static (_, _) => 0xFF, Writer = static (cpu, value, _) => cpu->System.DbgclaimEl1 |= value & 0xFF,
            },
            new(SystemRegister.DbgclaimclrEl1, RegisterAccess.El1)
            {
                Trap = TrapGroup.Debug, Reader = static (cpu, _) => cpu->System.DbgclaimEl1, Writer = static (cpu, value, _) => cpu->System.DbgclaimEl1 &= ~value,
            },

            // No debugger is at the other end of the debug communications channel: it is empty and takes everything.
            new(SystemRegister.MdccsrEl0, RegisterAccess.ReadOnlyEl0) { Condition = AccessCondition.DebugChannel, Trap = TrapGroup.Debug },
            new(SystemRegister.DbgdtrEl0, RegisterAccess.El0) { Condition = AccessCondition.DebugChannel, Trap = TrapGroup.Debug },
            new(SystemRegister.DbgdtrrxEl0, RegisterAccess.El0) { Condition = AccessCondition.DebugChannel, Trap = TrapGroup.Debug },
        ];

        // The pages of breakpoints and watchpoints stay out of the host-pointer caches.
        const WriteEffects Places = WriteEffects.Translation | WriteEffects.Events;
        for (int i = 0; i < BreakpointRegisters.Count; i++)
        {
            int n = i;
            rules.Add(DebugRegister(SystemRegister.DbgBvrEl1(n), RegisterAccess.El1, (ref s) => ref s.Dbgbvr[n], ulong.MaxValue, effects: Places));
            rules.Add(DebugRegister(SystemRegister.DbgBcrEl1(n), RegisterAccess.El1, (ref s) => ref s.Dbgbcr[n], 0x00FF_E1E7, effects: Places));
        }

        for (int i = 0; i < WatchpointRegisters.Count; i++)
        {
            int n = i;
            rules.Add(DebugRegister(SystemRegister.DbgWvrEl1(n), RegisterAccess.El1, (ref s) => ref s.Dbgwvr[n], ~3UL, effects: Places));
            rules.Add(DebugRegister(SystemRegister.DbgWcrEl1(n), RegisterAccess.El1, (ref s) => ref s.Dbgwcr[n], 0x1F1F_FFFF, effects: Places));
        }

        return rules;
    }

    private const ulong HcrxWritable = (ulong)(HcrxBits.Tcr2En | HcrxBits.Pttwi);

    // Bits 31:0 with BSU, CD, ID and MIOCNCE: what every core has.
    private const ulong HcrWritable = uint.MaxValue | (ulong)(HcrBits.Cd | HcrBits.Id | HcrBits.Miocnce);

    private static readonly (A64Features Feature, HcrBits Bits)[] s_hcrFeatures =
    [
        (A64Features.VHE, HcrBits.E2h),
        (A64Features.LOR, HcrBits.Tlor),
        (A64Features.RAS, HcrBits.Terr | HcrBits.Tea),
        (A64Features.PAuth, HcrBits.Apk | HcrBits.Api),
        (A64Features.MTE2, HcrBits.Ata | HcrBits.Tid5 | HcrBits.Dct),
        (IdentificationRegisters.FinerTrapsMarker, HcrBits.Tid4 | HcrBits.Ticab | HcrBits.Tocu | HcrBits.Ttlbis | HcrBits.Ttlbos),
    ];

    private static List<SystemRegisterRule> Hypervisor() =>
    [
        new(SystemRegister.HcrEl2, RegisterAccess.El2, static (ref s) => ref s.HcrEl2)
        {
            Writer = WriteHcr,
            Effects = WriteEffects.Translation | WriteEffects.Derived | WriteEffects.Events,
        },
        new(SystemRegister.HcrxEl2, RegisterAccess.El2, static (ref s) => ref s.HcrxEl2)
        {
            Feature = A64Features.THE, Writable = HcrxWritable, Effects = WriteEffects.Translation,
        },
        new(SystemRegister.VtcrEl2, RegisterAccess.El2, static (ref s) => ref s.VtcrEl2) { Effects = WriteEffects.Translation },
        new(SystemRegister.VttbrEl2, RegisterAccess.El2, static (ref s) => ref s.VttbrEl2) { Effects = WriteEffects.Translation },
        new(SystemRegister.SctlrEl2, RegisterAccess.El2, static (ref s) => ref s.SctlrEl2) { Effects = WriteEffects.Translation | WriteEffects.Derived },
        new(SystemRegister.CptrEl2, RegisterAccess.El2, static (ref s) => ref s.CptrEl2) { Effects = WriteEffects.Derived },
        new(SystemRegister.MdcrEl2, RegisterAccess.El2, static (ref s) => ref s.MdcrEl2) { Effects = WriteEffects.Events },
        new(SystemRegister.HstrEl2, RegisterAccess.El2, static (ref s) => ref s.HstrEl2),
        new(SystemRegister.HacrEl2, RegisterAccess.El2, static (ref s) => ref s.HacrEl2),
        new(SystemRegister.ActlrEl2, RegisterAccess.El2, static (ref s) => ref s.ActlrEl2),
        new(SystemRegister.VpidrEl2, RegisterAccess.El2, static (ref s) => ref s.VpidrEl2),
        new(SystemRegister.VmpidrEl2, RegisterAccess.El2, static (ref s) => ref s.VmpidrEl2),
        new(SystemRegister.Ttbr0El2, RegisterAccess.El2, static (ref s) => ref s.Ttbr0El2) { Effects = WriteEffects.Translation },
        new(SystemRegister.Ttbr1El2, RegisterAccess.El2, static (ref s) => ref s.Ttbr1El2) { Feature = A64Features.VHE, Effects = WriteEffects.Translation },
        new(SystemRegister.TcrEl2, RegisterAccess.El2, static (ref s) => ref s.TcrEl2) { Effects = WriteEffects.Translation },
        new(SystemRegister.MairEl2, RegisterAccess.El2, static (ref s) => ref s.MairEl2) { Effects = WriteEffects.Translation },
        new(SystemRegister.AmairEl2, RegisterAccess.El2, static (ref s) => ref s.AmairEl2),
        new(SystemRegister.VbarEl2, RegisterAccess.El2, static (ref s) => ref s.VbarEl2) { Writable = ~0x7FFUL },
        new(SystemRegister.ContextidrEl2, RegisterAccess.El2, static (ref s) => ref s.ContextidrEl2) { Feature = A64Features.VHE, Writable = Low32 },
        new(SystemRegister.TpidrEl2, RegisterAccess.El2, static (ref s) => ref s.TpidrEl2),
        new(SystemRegister.Afsr0El2, RegisterAccess.El2, static (ref s) => ref s.Afsr0El2),
        new(SystemRegister.Afsr1El2, RegisterAccess.El2, static (ref s) => ref s.Afsr1El2),
        new(SystemRegister.EsrEl2, RegisterAccess.El2, static (ref s) => ref s.EsrEl2),
        new(SystemRegister.FarEl2, RegisterAccess.El2, static (ref s) => ref s.FarEl2),
        new(SystemRegister.HpfarEl2, RegisterAccess.El2, static (ref s) => ref s.HpfarEl2),
        new(SystemRegister.VsesrEl2, RegisterAccess.El2, static (ref s) => ref s.VsesrEl2) { Feature = A64Features.RAS, Writable = 0x1FF_FFFF },

        // A stopped vCPU was left by an exception: what it returns to is its PC and its PSTATE.
        new(SystemRegister.ElrEl2, RegisterAccess.El2) { Reader = static (cpu, _) => cpu->Pc, Writer = static (cpu, value, _) => cpu->Pc = value },
        new(SystemRegister.SpsrEl2, RegisterAccess.El2)
        {
            Reader = static (cpu, _) => ProcessState.Read(cpu), Writer = static (cpu, value, _) => ProcessState.Write(cpu, (uint)value),
        },
    ];

    private static void WriteSctlr(CpuState* cpu, ulong value, int el)
    {
        A64Features features = Processor.Of(cpu).Settings.Features;
        ulong writable = SctlrWritable;
        foreach ((A64Features feature, SctlrBits bits) in s_sctlrFeatures)
        {
            writable |= (features & feature) != 0 ? (ulong)bits : 0;
        }

        cpu->System.SctlrEl1 = (cpu->System.SctlrEl1 & ~writable) | (value & writable);
    }

    private static void WriteHcr(CpuState* cpu, ulong value, int el)
    {
        // There is no AArch32 state: RW is RAO/WI. The bits of absent features are RES0.
        CoreSettings settings = Processor.Of(cpu).Settings;
        A64Features features = settings.Features;
        ulong writable = HcrWritable | ((settings.Translation & TranslationFeatures.S2FWB) != 0 ? (ulong)HcrBits.Fwb : 0);
        foreach ((A64Features feature, HcrBits bits) in s_hcrFeatures)
        {
            writable |= (features & feature) != 0 ? (ulong)bits : 0;
        }

        cpu->System.HcrEl2 = (value & writable) | (ulong)HcrBits.Rw;
    }

    private static SystemRegisterRule Control(
        SystemRegister register, RegisterField field, ulong writable = ulong.MaxValue, WriteEffects effects = WriteEffects.None) =>
        new(register, RegisterAccess.El1, field) { Trap = TrapGroup.TranslationControls, Writable = writable, Effects = effects };

    private static SystemRegisterRule Tags(SystemRegister register, RegisterField field, ulong writable) =>
        new(register, RegisterAccess.El1, field) { Feature = A64Features.MTE2, Trap = TrapGroup.AllocationTags, Writable = writable };

    private static SystemRegisterRule Performance(SystemRegister register, RegisterAccess access, RegisterField? field = null, ulong writable = ulong.MaxValue) =>
        new(register, access, field) { Condition = AccessCondition.PerformanceMonitors, Trap = TrapGroup.PerformanceMonitors, Writable = writable };

    private static SystemRegisterRule CycleFilter(SystemRegister register, CycleSelector isSelected) => new(register, RegisterAccess.El0)
    {
        Condition = AccessCondition.PerformanceMonitors,
        Trap = TrapGroup.PerformanceMonitors,
        Reader = (cpu, _) => isSelected(cpu) ? cpu->System.PmccfiltrEl0 : 0,
        Writer = (cpu, value, _) =>
        {
            if (isSelected(cpu))
            {
                CycleCounter.SetFilter(cpu, value);
            }
        },
    };

    // A pair of registers sets and clears the bits of one mask, of which bit 31 is the cycle counter's.
    private static SystemRegisterRule CycleMask(SystemRegister register, RegisterAccess access, RegisterField mask, bool isSet) => new(register, access)
    {
        Condition = AccessCondition.PerformanceMonitors,
        Trap = TrapGroup.PerformanceMonitors,
        Reader = (cpu, _) => mask(ref cpu->System),
        Writer = (cpu, value, _) =>
        {
            CycleCounter.Update(cpu);
            ref ulong bits = ref mask(ref cpu->System);
            bits = isSet ? bits | (value & CycleCounter.Bit) : bits & ~value;
        },
    };

    private static SystemRegisterRule Limited(SystemRegister register) =>
        new(register, RegisterAccess.El1) { Feature = A64Features.LOR, Trap = TrapGroup.LimitedOrdering };

    private static SystemRegisterRule DebugRegister(
        SystemRegister register, RegisterAccess access, RegisterField? field, ulong writable, TrapGroup trap = TrapGroup.Debug, WriteEffects effects = WriteEffects.None) =>
        new(register, access, field) { Trap = trap, Writable = writable, Effects = effects };

    private static SystemRegisterRule StateField(SystemRegister register, RegisterAccess access, A64Features feature, uint mask) => new(register, access)
    {
        Feature = feature,
        Reader = (cpu, _) => cpu->Pstate & mask,
        Writer = (cpu, value, _) => SetState(cpu, mask, value),
    };

    private static SystemRegisterRule[] Timer(
        SystemRegister control, SystemRegister compare, SystemRegister value, RegisterAccess access, TimerKind kind, AccessCondition condition, TrapGroup trap,
        A64Features feature = A64Features.Armv8_0) =>
    [
        new(control, access)
        {
            Feature = feature,
            Condition = condition,
            Trap = trap,
            Reader = (cpu, el) => GenericTimer.ReadControl(cpu, GenericTimer.Select(cpu, kind, el)),
            Writer = (cpu, written, el) => GenericTimer.WriteControl(cpu, GenericTimer.Select(cpu, kind, el), written),
            Effects = WriteEffects.Events,
        },
        new(compare, access)
        {
            Feature = feature,
            Condition = condition,
            Trap = trap,
            Reader = (cpu, el) => GenericTimer.ReadCompare(cpu, GenericTimer.Select(cpu, kind, el)),
            Writer = (cpu, written, el) => GenericTimer.WriteCompare(cpu, GenericTimer.Select(cpu, kind, el), written),
            Effects = WriteEffects.Events,
        },
        new(value, access)
        {
            Feature = feature,
            Condition = condition,
            Trap = trap,
            Reader = (cpu, el) => GenericTimer.ReadValue(cpu, GenericTimer.Select(cpu, kind, el)),
            Writer = (cpu, written, el) => GenericTimer.WriteValue(cpu, GenericTimer.Select(cpu, kind, el), written),
            Effects = WriteEffects.Events,
        },
    ];

    private static SystemRegisterRule Fixed(SystemRegister register, TrapGroup trap) =>
        new(register, RegisterAccess.Identification) { Trap = trap, Reader = (cpu, _) => Fixed(cpu, register) };

    private static ulong Fixed(CpuState* cpu, SystemRegister register) => Processor.Of(cpu).Settings.Identification.Read(register);

    private static void SetState(CpuState* cpu, uint mask, ulong value) =>
        ProcessState.WriteWithoutFlags(cpu, (cpu->Pstate & ~mask) | ((uint)value & mask));
}
