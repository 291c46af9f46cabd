using System.Linq;
using HvIntrospect.Tests.Differential;
using Xunit;

namespace HvIntrospect.Tests.Interpreter;

public sealed class LimitTests
{
    private const ulong UnmappedVectors = 0x4010_4000;

    /// <summary>Each fetch of the vector is one more exception, without end.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(100)]
    [InlineData(5000)]
    public void A_guest_whose_vectors_fault_stops_exactly_at_the_limit(ulong limit)
    {
        using NativeLeg native = new();
        LoadStoreCase faulting = Enumerable.Range(0, 1000).Select(LoadStoreCaseGenerator.Make).First(given => native.Execute(given).Fault == FaultKind.Memory);
        using GuestMachine guest = new();
        guest.Load(faulting);
        guest.Vcpu.ModifyException().VbarEl1 = UnmappedVectors;

        VcpuExit exit = guest.Machine.Run(guest.Vcpu, limit);

        Assert.Equal(VcpuExitKind.Canceled, exit.Kind);
        Assert.Equal(limit, guest.Vcpu.RetiredInstructions);
        Assert.Equal(limit == 1 ? faulting.Pc : UnmappedVectors + 0x200, guest.Vcpu.Exception.ElrEl1);
    }
}
