using System;
using System.Collections.Generic;
using HvIntrospect.LoadStores;
using HvIntrospect.Registers;

namespace HvIntrospect.Tests.LoadStores;

/// <summary>What the flat bus works on: registers, one window of memory and a record of what was done in which order.</summary>
internal sealed class FlatMachine
{
    public FlatMachine(ulong start, byte[] memory)
    {
        Start = start;
        Memory = memory;
    }

    public ulong[] X { get; } = new ulong[31];

    public ulong Sp { get; set; }

    public ulong Pc { get; set; }

    public VectorRegister[] V { get; } = new VectorRegister[32];

    public Spsr Pstate { get; set; } = Spsr.El1hMasked;

    public Sctlr Sctlr { get; set; }

    public ulong Start { get; }

    public byte[] Memory { get; }

    /// <summary>Gets or sets a value indicating whether all memory is Device memory.</summary>
    public bool IsDevice { get; set; }

    /// <summary>Gets or sets the page that is Device memory although the rest is not; 0 for none.</summary>
    public ulong DevicePage { get; set; }

    /// <summary>Gets or sets whether the monitor holds what a store-exclusive asks for.</summary>
    public bool MonitorHolds { get; set; }

    /// <summary>Gets or sets NZCV in bits 31:28.</summary>
    public uint Flags { get; set; }

    /// <summary>Gets or sets whether it has FEAT_LSE2.</summary>
    public bool HasUnalignedAtomics { get; set; }

    /// <summary>Gets or sets whether copies and sets are to be in the form of the chosen option.</summary>
    public bool IsCore { get; set; }

    public LoadStoreChoices Choices { get; set; } = LoadStoreChoices.Default;

    /// <summary>Gets or sets the Allocation Tags by address; null where there are none.</summary>
    public Dictionary<ulong, int>? Tags { get; set; }

    /// <summary>Gets or sets TCR_EL1, on which only the checks of tags depend.</summary>
    public Tcr Tcr { get; set; }

    /// <summary>Gets the tag checks that failed without an exception.</summary>
    public List<(bool IsUser, bool IsUpper)> FailedChecks { get; } = [];

    /// <summary>Gets or sets a value indicating whether pointers can be authenticated.</summary>
    public bool HasKeys { get; set; }

    /// <summary>Gets the system registers that can be read.</summary>
    public Dictionary<SystemRegister, ulong> SystemRegisters { get; } = [];

    /// <summary>Gets the system registers of 128 bits that can be read.</summary>
    public Dictionary<SystemRegister, VectorRegister> WideSystemRegisters { get; } = [];

    /// <summary>Gets what was done, for example "R4 40000000".</summary>
    public List<string> Log { get; } = [];
}
