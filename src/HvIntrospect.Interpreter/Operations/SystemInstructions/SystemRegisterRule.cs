using HvIntrospect.Interpreter.State;
using HvIntrospect.Registers;

namespace HvIntrospect.Interpreter.Operations.SystemInstructions;

/// <summary>One system register: who may access it, what traps it, and where its value is.</summary>
internal sealed unsafe class SystemRegisterRule
{
    /// <summary>Initialises a rule.</summary>
    /// <param name="register">The register.</param>
    /// <param name="access">Who may access it.</param>
    /// <param name="field">Its value when it is plain storage; otherwise there is a reader or a writer, or it reads as 0.</param>
    public SystemRegisterRule(SystemRegister register, RegisterAccess access, RegisterField? field = null)
    {
        Register = register;
        Access = access;
        Field = field;
    }

    /// <summary>Gets the register.</summary>
    public SystemRegister Register { get; }

    /// <summary>Gets who may access it.</summary>
    public RegisterAccess Access { get; }

    /// <summary>Gets the value when it is plain storage.</summary>
    public RegisterField? Field { get; }

    /// <summary>Gets the features without which there is no such register.</summary>
    public A64Features Feature { get; init; }

    /// <summary>Gets the control of EL1.</summary>
    public AccessCondition Condition { get; init; }

    /// <summary>Gets the control of EL2.</summary>
    public TrapGroup Trap { get; init; }

    /// <summary>Gets the bits that a write may change. The others keep their value: they are RES0, RES1 or read-only.</summary>
    public ulong Writable { get; init; } = ulong.MaxValue;

    /// <summary>Gets how it is read when it is not plain storage.</summary>
    public RegisterReader? Reader { get; init; }

    /// <summary>Gets how it is written when it is not plain storage.</summary>
    public RegisterWriter? Writer { get; init; }

    /// <summary>Gets what must follow a write.</summary>
    public WriteEffects Effects { get; init; }

    /// <summary>Reads the value. The caller has checked that the level may.</summary>
    /// <param name="cpu">The vCPU.</param>
    /// <param name="el">The Exception level that reads.</param>
    /// <returns>64 bits.</returns>
    public ulong Read(CpuState* cpu, int el) => Reader is not null ? Reader(cpu, el) : Field is not null ? Field(ref cpu->System) : 0;

    /// <summary>Writes the value. The caller has checked that the level may, and sees to <see cref="Effects"/>.</summary>
    /// <param name="cpu">The vCPU.</param>
    /// <param name="value">64 bits.</param>
    /// <param name="el">The Exception level that writes.</param>
    public void Write(CpuState* cpu, ulong value, int el)
    {
        if (Writer is not null)
        {
            Writer(cpu, value, el);
        }
        else if (Field is not null)
        {
            ref ulong field = ref Field(ref cpu->System);
            field = (field & ~Writable) | (value & Writable);
        }
    }
}
