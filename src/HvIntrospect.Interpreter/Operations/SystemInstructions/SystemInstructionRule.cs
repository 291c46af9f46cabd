using HvIntrospect.Registers;

namespace HvIntrospect.Interpreter.Operations.SystemInstructions;

/// <summary>One SYS instruction: who may issue it, what traps it, and what it does.</summary>
internal sealed class SystemInstructionRule
{
    /// <summary>Initialises a rule.</summary>
    /// <param name="instruction">The encoding, op0 1.</param>
    /// <param name="kind">What it does.</param>
    /// <param name="trap">The control of EL2.</param>
    public SystemInstructionRule(SystemRegister instruction, SystemInstructionKind kind, TrapGroup trap)
    {
        Instruction = instruction;
        Kind = kind;
        Trap = trap;
    }

    /// <summary>Gets the encoding.</summary>
    public SystemRegister Instruction { get; }

    /// <summary>Gets what it does.</summary>
    public SystemInstructionKind Kind { get; }

    /// <summary>Gets the control of EL2.</summary>
    public TrapGroup Trap { get; }

    /// <summary>Gets the control of EL1. An instruction that has one may be issued at EL0.</summary>
    public AccessCondition Condition { get; init; }

    /// <summary>Gets the features without which there is no such instruction.</summary>
    public A64Features Feature { get; init; }

    /// <summary>Gets the instruction, of those that invalidate TLBs.</summary>
    public TlbiOperation Tlbi { get; init; }

    /// <summary>Gets a value indicating whether an AT checks a write.</summary>
    public bool IsWrite { get; init; }

    /// <summary>Gets the Exception level whose permissions an AT checks.</summary>
    public int TranslatedLevel { get; init; }

    /// <summary>Gets a value indicating whether an AT respects PSTATE.PAN.</summary>
    public bool UsesPan { get; init; }
}
