using System;

namespace HvIntrospect.Interpreter.Operations.SystemInstructions;

/// <summary>What must follow a write of a system register.</summary>
[Flags]
internal enum WriteEffects : byte
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Host-pointer caches are dropped and PC is translated again. The TLB stays.</summary>
    Translation = 1,

    /// <summary>What is derived from controls is brought up to date.</summary>
    Derived = 2,

    /// <summary>Timers, interrupts and the step state are looked at before the next instruction.</summary>
    Events = 4,
}
