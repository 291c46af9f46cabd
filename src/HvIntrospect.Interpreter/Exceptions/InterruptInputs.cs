using System;

namespace HvIntrospect.Interpreter.Exceptions;

/// <summary>The levels at a vCPU's interrupt inputs.</summary>
[Flags]
internal enum InterruptInputs : uint
{
    /// <summary>Nothing is asserted.</summary>
    None = 0,

    /// <summary>Physical IRQ.</summary>
    Irq = 1,

    /// <summary>Physical FIQ.</summary>
    Fiq = 2,

    /// <summary>Physical SError.</summary>
    SError = 4,

    /// <summary>Virtual IRQ, as an interrupt controller's virtual CPU interface asserts it.</summary>
    VirtualIrq = 8,

    /// <summary>Virtual FIQ.</summary>
    VirtualFiq = 16,

    /// <summary>The timers' outputs, wired to virtual IRQ.</summary>
    Timer = 32,
}
