using System;
using System.Linq;
using System.Collections.Generic;
using HvIntrospect.A64;
using HvIntrospect.Interpreter.Operations.LoadStores;
using HvIntrospect.LoadStores;
using HvIntrospect.Registers;
using HvIntrospect.Tests.Differential;
using FaultKind = HvIntrospect.Tests.Differential.FaultKind;

namespace HvIntrospect.Tests.LoadStores;

/// <summary>The executor that is the reference: the semantics on flat memory.</summary>
internal sealed class SemanticsLeg : ILeg
{
    private readonly ulong _sctlr;
    private readonly bool _hasUnalignedAtomics;
    private readonly LoadStoreChoices _choices;

    /// <summary>Makes the leg.</summary>
    /// <param name="sctlr">SCTLR_EL1.</param>
    /// <param name="hasUnalignedAtomics">Whether FEAT_LSE2 is there.</param>
    /// <param name="choices">What is done where the architecture leaves a choice; null for the default.</param>
    public SemanticsLeg(ulong sctlr = 0, bool hasUnalignedAtomics = false, LoadStoreChoices? choices = null)
    {
        _hasUnalignedAtomics = hasUnalignedAtomics;
        _choices = choices ?? LoadStoreChoices.Default;
        _sctlr = sctlr;
    }

    public string Name => "LoadStoreSemantics";

    /// <summary>Gets what the last case did to memory, element by element.</summary>
    public IReadOnlyList<string> Log { get; private set; } = [];

    public Outcome Execute(LoadStoreCase given)
    {
        Outcome outcome = new();
        given.Memory.CopyTo(outcome.Memory, 0);
        FlatMachine machine = new(TestLayout.Data, outcome.Memory) { Sp = given.Sp, Pc = given.Pc, Sctlr = new Sctlr(_sctlr), Flags = given.Nzcv, Choices = _choices, IsCore = true, Pstate = given.Pstate, HasUnalignedAtomics = _hasUnalignedAtomics };
        given.X.CopyTo(machine.X, 0);
        if (machine.Sctlr.Has(SctlrBits.Ata))
        {
            machine.Tcr = new Tcr((ulong)TcrBits.Tbi0);
            machine.Tags = Enumerable.Range(0, (int)TestLayout.DataSize / 16).Select(static i => TestLayout.Data + (16 * (ulong)i)).ToDictionary(static at => at, TestLayout.TagOf);
        }

        // As the machine has them.
        machine.SystemRegisters[SystemRegister.DczidEl0] = 4;
        machine.SystemRegisters[SystemRegister.GmidEl1] = 6;
        foreach ((SystemRegister register, ulong value) in TestLayout.ReadCheckWrites)
        {
            machine.SystemRegisters[register] = value;
        }

        for (int i = 0; i < machine.V.Length; i++)
        {
            machine.V[i] = new VectorRegister((ulong)given.V[i], (ulong)(given.V[i] >> 64));
        }

        LoadStoreStatus status = LoadStoreBinders.Decoder.DecodeLoadStore(given.Word, out LoadStoreAccess access);
        if (status is not (LoadStoreStatus.Valid or LoadStoreStatus.ConstrainedUnpredictable))
        {
            throw new InvalidOperationException($"{given} is {status}.");
        }

        var bus = new FlatBus(machine);
        EmulationResult result = LoadStoreSemantics.Perform(access, ref bus);
        bool completed = result.Outcome == EmulationOutcome.Completed;
        outcome.Fault = completed ? FaultKind.None : KindOf(given, result);
        outcome.FaultAddress = result.Address.Value;
        outcome.FaultIsWrite = result.IsWrite;
        Log = machine.Log;
        machine.X.CopyTo(outcome.X, 0);
        outcome.Sp = machine.Sp;
        outcome.Pc = given.Pc + (completed ? 4UL : 0);
        outcome.Nzcv = machine.Flags;
        for (int i = 0; i < machine.V.Length; i++)
        {
            outcome.V[i] = new UInt128(machine.V[i].High, machine.V[i].Low);
        }

        return outcome;
    }

    private static FaultKind KindOf(LoadStoreCase given, in EmulationResult result) => (result.Outcome, result.Fault, result.Status.Kind) switch
    {
        (EmulationOutcome.GuestFault, GuestFaultKind.Undefined, _) => FaultKind.Undefined,
        (EmulationOutcome.GuestFault, GuestFaultKind.MemoryOperation, _) => FaultKind.MemoryOperation,
        (EmulationOutcome.GuestFault, GuestFaultKind.DataAbort, HvIntrospect.Registers.FaultKind.TagCheck) => FaultKind.TagCheck,
        (EmulationOutcome.GuestFault, GuestFaultKind.DataAbort, HvIntrospect.Registers.FaultKind.Alignment) => FaultKind.Alignment,
        (EmulationOutcome.GuestFault, GuestFaultKind.DataAbort, HvIntrospect.Registers.FaultKind.UnsupportedExclusiveOrAtomic) => FaultKind.Unsupported,
        (EmulationOutcome.GuestFault, GuestFaultKind.DataAbort, _) => FaultKind.Memory,
        _ => throw new InvalidOperationException($"{given} ended {result}."),
    };
}
