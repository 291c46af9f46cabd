using System;
using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.Exceptions;
using HvIntrospect.Interpreter.Mmu;
using HvIntrospect.Interpreter.Operations.LoadStores;
using HvIntrospect.Interpreter.State;
using HvIntrospect.LoadStores;
using HvIntrospect.Registers;

namespace HvIntrospect.Interpreter.Operations.SystemInstructions;

/// <summary>Performs SYS: cache and TLB maintenance and address translation.</summary>
internal static unsafe class SystemInstructionExecution
{
    /// <summary>Performs a SYS.</summary>
    /// <param name="cpu">The state.</param>
    /// <param name="operation">The instruction.</param>
    /// <returns>The next operation.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Operation* Execute(CpuState* cpu, Operation* operation)
    {
        CoreSettings settings = Processor.Of(cpu).Settings;
        if (SystemInstructionTable.Find(SystemAccess.RegisterOf(operation->Word), settings.Features) is not SystemInstructionRule rule)
        {
            return SystemAccess.Unknown(cpu, operation, isRead: false);
        }

        RegisterAccess access = rule.Condition == AccessCondition.None ? RegisterAccess.WriteOnlyEl1 : RegisterAccess.WriteOnlyEl1 | RegisterAccess.WriteEl0;
        AccessVerdict verdict = AccessRules.Decide(cpu, access, rule.Condition, rule.Trap, isRead: false);
        if (verdict != AccessVerdict.Permitted)
        {
            return SystemAccess.Refuse(cpu, operation, verdict, isRead: false);
        }

        ulong operand = Registers.X(cpu, operation->Rd);
        switch (rule.Kind)
        {
            case SystemInstructionKind.CacheMaintenance:
                return MaintainCache(cpu, operation, operand, AccessKind.CacheMaintenance);
            case SystemInstructionKind.CacheInvalidation:
                return MaintainCache(cpu, operation, operand, AccessKind.CacheInvalidation);
            case SystemInstructionKind.InstructionCache:
                Processor.Of(cpu).Pages.RequestInvalidation(null);
                return operation + 1;
            case SystemInstructionKind.InstructionCacheLine:
                return InvalidateLine(cpu, operation, operand);
            case SystemInstructionKind.CacheZero:
                return cpu->ChecksTags == 0 ? Zero(cpu, operation, operand) : StoreBlock(cpu, operation, operand, BlockStore.Data);
            case SystemInstructionKind.CacheTag:
                return StoreBlock(cpu, operation, operand, BlockStore.Tags);
            case SystemInstructionKind.CacheZeroAndTag:
                return StoreBlock(cpu, operation, operand, BlockStore.DataAndTags);
            case SystemInstructionKind.AddressTranslation:
                return Translate(cpu, operation, rule, operand);
            case SystemInstructionKind.TlbMaintenance:
                bool broadcast = (cpu->System.HcrEl2 & (ulong)HcrBits.Fb) != 0;
                settings.Domain.Perform(cpu, rule.Tlbi, operand, broadcast);
                settings.Checker?.GuestInvalidated(settings.Index, broadcast || TlbiRule.Of(rule.Tlbi).IsBroadcast);
                return Flow.NextAfterSync(cpu, operation);
            default:
                return operation + 1;
        }
    }

    // There is no data cache to maintain, but the address must translate.
    private static Operation* MaintainCache(CpuState* cpu, Operation* operation, ulong address, AccessKind kind)
    {
        Processor.Of(cpu).Translator.Translate(cpu, address, kind, ProcessState.ExceptionLevel(cpu), out TranslationResult result);
        FaultRecord fault = result.Fault;
        if (!result.IsMapped)
        {
            return ExceptionEntry.DataAbort(cpu, operation, fault, 0);
        }

        // Of these, only what may lose data is watched: it counts as a store to the line.
        const int Line = IdentificationRegisters.CacheLineSize;
        if (kind == AccessKind.CacheInvalidation
            && FaultRecord.TryWatchpoint(cpu, address & ~(ulong)(Line - 1), Line, ProcessState.ExceptionLevel(cpu), reads: false, writes: true, out fault))
        {
            fault.IsCacheMaintenance = true;
            return ExceptionEntry.DataAbort(cpu, operation, fault, 0);
        }

        return Flow.Next(cpu, operation);
    }

    private static Operation* InvalidateLine(CpuState* cpu, Operation* operation, ulong address)
    {
        Processor processor = Processor.Of(cpu);
        processor.Translator.Translate(cpu, address, AccessKind.CacheMaintenance, ProcessState.ExceptionLevel(cpu), out TranslationResult result);
        if (!result.IsMapped)
        {
            return ExceptionEntry.DataAbort(cpu, operation, result.Fault, 0);
        }

        processor.Pages.RequestInvalidation(result.Pa);
        return Flow.Next(cpu, operation);
    }

    private static Operation* Zero(CpuState* cpu, Operation* operation, ulong address)
    {
        const int Size = IdentificationRegisters.ZeroBlockSize;
        Processor processor = Processor.Of(cpu);
        processor.Translator.Translate(cpu, address, AccessKind.Write, ProcessState.ExceptionLevel(cpu), out TranslationResult result);
        FaultRecord fault = result.Fault;
        if (result.IsDevice)
        {
            // DC ZVA to Device memory is an Alignment fault, which comes before a Permission fault of the same stage.
            fault = default;
            fault.Status = FaultStatus.Create(FaultKind.Alignment);
            fault.IsStage2 = result.IsStage2Device;
            fault.Ipa = result.Ipa;
        }
        else if (result.IsMapped)
        {
            var access = new DataAccess(address & ~(ulong)(Size - 1), Size / 4, Size, DataAccessFlags.Write);
            if (DataPath.TryResolve(cpu, access, out ResolvedAccess resolved, out fault))
            {
                Span<byte> zeros = stackalloc byte[Size];
                zeros.Clear();
                resolved.Write(processor.Memory, zeros);
                return Flow.Next(cpu, operation);
            }
        }

        // FAR holds Xt as it was given, but for a watchpoint.
        fault.Va = fault.Status.Kind == FaultKind.Debug ? fault.Va : address;
        fault.IsWrite = true;
        return ExceptionEntry.DataAbort(cpu, operation, fault, 0);
    }

    // What has to do with tags, by the reference.
    private static Operation* StoreBlock(CpuState* cpu, Operation* operation, ulong address, BlockStore stored)
    {
        var bus = new MachineBus(cpu, operation);
        EmulationResult result = ZeroBlock.Perform(stored, new Va(address), IdentificationRegisters.ZeroBlockSize, ref bus);
        switch (result.Outcome)
        {
            case EmulationOutcome.Completed:
                return Flow.Next(cpu, operation);
            case EmulationOutcome.Unsupported:
                return ExceptionEntry.Undefined(cpu, operation);
            default:
                FaultRecord fault = bus.FaultOf(result);
                fault.Va = fault.Status.Kind == FaultKind.Debug ? fault.Va : address;
                fault.IsWrite = true;
                return ExceptionEntry.DataAbort(cpu, operation, fault, 0);
        }
    }

    private static Operation* Translate(CpuState* cpu, Operation* operation, SystemInstructionRule rule, ulong address)
    {
        bool pan = rule.UsesPan && new Spsr(cpu->Pstate).Pan;
        Par par = Processor.Of(cpu).Translator.TranslateForAt(cpu, address, rule.IsWrite, rule.TranslatedLevel, bothStages: false, pan, out FaultRecord fault);

        // A Stage 2 fault on the walk, and an External abort, are exceptions.
        if (par.IsFault && (fault.IsStage1Walk || fault.Status.Kind == FaultKind.SynchronousExternalOnWalk))
        {
            return ExceptionEntry.DataAbort(cpu, operation, fault, 0);
        }

        cpu->System.ParEl1 = par.Value;
        return Flow.Next(cpu, operation);
    }
}
