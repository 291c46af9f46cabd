using System;
using HvIntrospect.A64;
using HvIntrospect.LoadStores;
using HvIntrospect.Registers;
using HvIntrospect.Tests.Differential;
using FaultKind = HvIntrospect.Tests.Differential.FaultKind;

namespace HvIntrospect.Tests.LoadStores;

/// <summary>The executor that is the reference: the semantics on flat memory.</summary>
internal sealed class SemanticsLeg : ILeg
{
    private readonly ulong _sctlr;

    /// <summary>Makes the leg.</summary>
    /// <param name="sctlr">SCTLR_EL1.</param>
    public SemanticsLeg(ulong sctlr = 0)
    {
        _sctlr = sctlr;
    }

    public string Name => "LoadStoreSemantics";

    public Outcome Execute(LoadStoreCase given)
    {
        Outcome outcome = new();
        given.Memory.CopyTo(outcome.Memory, 0);
        FlatMachine machine = new(TestLayout.Data, outcome.Memory) { Sp = given.Sp, Pc = given.Pc, Sctlr = new Sctlr(_sctlr), Flags = given.Nzcv };
        given.X.CopyTo(machine.X, 0);

        // As the machine has them.
        machine.SystemRegisters[SystemRegister.DczidEl0] = 4;
        machine.SystemRegisters[SystemRegister.GmidEl1] = 6;
        for (int i = 0; i < machine.V.Length; i++)
        {
            machine.V[i] = new VectorRegister((ulong)given.V[i], (ulong)(given.V[i] >> 64));
        }

        LoadStoreStatus status = A64Decoder.Default.DecodeLoadStore(given.Word, out LoadStoreAccess access);
        if (status is not (LoadStoreStatus.Valid or LoadStoreStatus.ConstrainedUnpredictable))
        {
            throw new InvalidOperationException($"{given} is {status}.");
        }

        var bus = new FlatBus(machine);
        EmulationResult result = LoadStoreSemantics.Perform(access, ref bus);
        bool completed = result.Outcome == EmulationOutcome.Completed;
        outcome.Fault = completed ? FaultKind.None
            : result is { Outcome: EmulationOutcome.GuestFault, Fault: GuestFaultKind.DataAbort }
                ? result.Status.Kind == HvIntrospect.Registers.FaultKind.UnsupportedExclusiveOrAtomic ? FaultKind.Unsupported : result.Status.Kind == HvIntrospect.Registers.FaultKind.Alignment ? FaultKind.Alignment : FaultKind.Memory
                : throw new InvalidOperationException($"{given} ended {result}.");
        outcome.FaultAddress = result.Address.Value;
        outcome.FaultIsWrite = result.IsWrite;
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
}
