namespace HvIntrospect.Interpreter.Timers;

/// <summary>The timers of a vCPU.</summary>
internal enum TimerKind
{
    /// <summary>CNTV: compares with the virtual count.</summary>
    Virtual,

    /// <summary>CNTP: compares with the physical count.</summary>
    Physical,

    /// <summary>CNTHP, of EL2: compares with the physical count.</summary>
    Hypervisor,

    /// <summary>CNTHV, of EL2: compares with the virtual count without an offset, which is the physical one.</summary>
    HypervisorVirtual,
}
