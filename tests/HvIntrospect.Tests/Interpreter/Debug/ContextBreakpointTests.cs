using HvIntrospect.Interpreter;
using HvIntrospect.Registers;
using Xunit;

namespace HvIntrospect.Tests.Interpreter.Debug;

/// <summary>Breakpoints that compare a context, alone and linked to.</summary>
public sealed class ContextBreakpointTests
{
    private const ulong El0 = 0x3C0;
    private const ulong Enabled = 0x1E7;
    private const ulong Kernel = 0x111;
    private const ulong Host = 0x222;
    private const ulong Vmid = 1;
    private const ulong MonitorDebug = 1UL << 15;
    private const int ContextAware = 4;
    private const int Plain = 0;

    [Theory]
    [InlineData(2, Kernel, true)]
    [InlineData(2, Host, false)]
    [InlineData(6, Kernel, true)]
    [InlineData(6, Host, false)]
    [InlineData(8, Vmid << 32, true)]
    [InlineData(8, 2UL << 32, false)]
    [InlineData(10, (Vmid << 32) | Kernel, true)]
    [InlineData(10, (Vmid << 32) | Host, false)]
    [InlineData(10, (2UL << 32) | Kernel, false)]
    [InlineData(12, Host << 32, true)]
    [InlineData(12, Kernel << 32, false)]
    [InlineData(14, (Host << 32) | Kernel, true)]
    [InlineData(14, (Host << 32) | Host, false)]
    [InlineData(14, (Kernel << 32) | Kernel, false)]
    [InlineData(4, Kernel, false)] // reserved
    public void AContextIsComparedByType(int type, ulong value, bool isHit)
    {
        Assert.Equal(isHit, IsHit(CoreModel.Armv8_2, type, value, ContextAware));
        Assert.False(IsHit(CoreModel.Armv8_2, type, value, Plain));

        // What is linked to does not hit by itself, but lets the address hit.
        Assert.False(IsHit(CoreModel.Armv8_2, type + 1, value, ContextAware));
        Assert.Equal(isHit, IsLinkHit(type + 1, value));
    }

    [Theory]
    [InlineData(2, Kernel, true)]
    [InlineData(6, Kernel, false)]
    [InlineData(8, Vmid << 32, true)]
    [InlineData(12, 0UL, false)]
    [InlineData(14, Kernel, false)]
    public void WithoutAHostItsTypesAreReserved(int type, ulong value, bool isHit) => Assert.Equal(isHit, IsHit(CoreModel.Armv8_0, type, value, ContextAware));

    [Theory]
    [InlineData(2, Host, true)]
    [InlineData(2, Kernel, false)]
    [InlineData(6, Kernel, false)]
    [InlineData(8, Vmid << 32, false)]
    [InlineData(12, Host << 32, true)]
    [InlineData(14, (Host << 32) | Kernel, false)]
    public void AHostsApplicationHasTheHostsContext(int type, ulong value, bool isHit)
    {
        using GuestProgram program = Make(CoreModel.Armv8_2);
        program.SetBits(SystemRegister.HcrEl2, (ulong)(HcrBits.E2h | HcrBits.Tge));
        program.SetState(El0);
        Assert.Equal(isHit, IsHit(program, type, value, ContextAware));
    }

    private static GuestProgram Make(CoreModel model)
    {
        var program = new GuestProgram(new MachineOptions(model) { RamPhysicalBase = new Pa(GuestProgram.Code) }, GuestProgram.AddX3, GuestProgram.Hvc42);
        program.El2.WriteSystemRegister(SystemRegister.OslarEl1, 0);
        program.El2.WriteSystemRegister(SystemRegister.MdcrEl2, (ulong)MdcrBits.Tde);
        program.El2.WriteSystemRegister(SystemRegister.ContextidrEl1, Kernel);
        if ((model.Features & A64Features.VHE) != 0)
        {
            program.El2.WriteSystemRegister(SystemRegister.ContextidrEl2, Host);
        }

        return program;
    }

    private static bool IsHit(CoreModel model, int type, ulong value, int number)
    {
        using GuestProgram program = Make(model);
        return IsHit(program, type, value, number);
    }

    private static bool IsHit(GuestProgram program, int type, ulong value, int number)
    {
        Set(program, number, type, value);
        return Run(program);
    }

    private static bool IsLinkHit(int type, ulong value)
    {
        using GuestProgram program = Make(CoreModel.Armv8_2);
        Set(program, ContextAware, type, value);
        program.El2.WriteSystemRegister(SystemRegister.DbgBvrEl1(Plain), GuestProgram.Code);
        program.El2.WriteSystemRegister(SystemRegister.DbgBcrEl1(Plain), Enabled | (1UL << 20) | ((ulong)ContextAware << 16));
        return Run(program);
    }

    private static void Set(GuestProgram program, int number, int type, ulong value)
    {
        program.El2.WriteSystemRegister(SystemRegister.DbgBvrEl1(number), value);
        program.El2.WriteSystemRegister(SystemRegister.DbgBcrEl1(number), Enabled | ((ulong)type << 20));
    }

    private static bool Run(GuestProgram program)
    {
        program.El2.WriteSystemRegister(SystemRegister.MdscrEl1, MonitorDebug);
        return program.Run().Esr.Class == ExceptionClass.BreakpointLowerEl;
    }
}
