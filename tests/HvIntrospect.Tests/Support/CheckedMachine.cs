using HvIntrospect.Interpreter;
using Xunit;

namespace HvIntrospect.Tests.Support;

/// <summary>Machines on which whatever breaks a rule of the architecture at EL2 fails the test where it happens.</summary>
internal static class CheckedMachine
{
    public static Machine Make(MachineOptions? options = null)
    {
        var machine = new Machine((options ?? new MachineOptions()) with { ChecksArchitecture = true });
        machine.Checker!.Found += static violation => Assert.Fail(violation.ToString());
        return machine;
    }
}
