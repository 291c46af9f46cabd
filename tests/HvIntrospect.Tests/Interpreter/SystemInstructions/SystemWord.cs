using HvIntrospect.Registers;

namespace HvIntrospect.Tests.Interpreter.SystemInstructions;

/// <summary>Words of system instructions, with X5 as their register.</summary>
internal static class SystemWord
{
    public const int Rt = 5;

    public static uint Mrs(SystemRegister register) => 0xD530_0000 | Of(register);

    public static uint Msr(SystemRegister register) => 0xD510_0000 | Of(register);

    public static uint Sys(int op1, int crn, int crm, int op2) => 0xD508_0000 | (uint)((op1 << 16) | (crn << 12) | (crm << 8) | (op2 << 5) | Rt);

    /// <summary>Gets the ISS of a trapped instruction (EC 0x18), from the word alone.</summary>
    public static uint Iss(uint word)
    {
        uint op0 = (word >> 19) & 3;
        uint op1 = (word >> 16) & 7;
        uint crn = (word >> 12) & 15;
        uint crm = (word >> 8) & 15;
        uint op2 = (word >> 5) & 7;
        return (op0 << 20) | (op2 << 17) | (op1 << 14) | (crn << 10) | ((word & 31) << 5) | (crm << 1) | ((word >> 21) & 1);
    }

    private static uint Of(SystemRegister register) =>
        (uint)(((register.Op0 & 1) << 19) | (register.Op1 << 16) | (register.CRn << 12) | (register.CRm << 8) | (register.Op2 << 5) | Rt);
}
