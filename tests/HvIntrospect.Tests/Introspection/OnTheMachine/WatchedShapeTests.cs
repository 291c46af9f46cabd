using System;
using System.Collections.Generic;
using System.Linq;
using HvIntrospect.Introspection;
using HvIntrospect.Shapes;
using HvIntrospect.Tests.Differential;
using HvIntrospect.Watchpoints;
using Xunit;

namespace HvIntrospect.Tests.Introspection.OnTheMachine;

/// <summary>The same watches through what real interfaces offer: each gives the same events, or refuses and names what it lacks.</summary>
public sealed class WatchedShapeTests
{
    private static readonly int s_cases = Environment.GetEnvironmentVariable("HVINTROSPECT_LONG") == "1" ? 50_000 : 800;

    public static TheoryData<string> Names => ["KVM", "HVF", "Xen"];

    [Theory]
    [MemberData(nameof(Names))]
    public void EventsAreThoseOfAReferenceThatSeesEveryAccess(string name)
    {
        using var native = new NativeLeg();
        using var watched = new WatchedGuest(Shape(name));
        int events = 0;
        for (int seed = 0; seed < s_cases; seed++)
        {
            LoadStoreCase given = LoadStoreCaseGenerator.Make(seed);
            Outcome expected = native.Execute(given);
            if (name == "Xen" && ((given.Word & (1 << 26)) != 0 || expected.Fault != FaultKind.None))
            {
                // Neither V registers nor the registers to inject a fault.
                continue;
            }

            List<WatchSpec> specs = [.. WatchSpec.Some(new Random(seed), given.Target).Select(spec => name == "KVM" ? spec with { Kinds = WatchKinds.Write } : spec)];
            watched.Watch(specs);
            Outcome outcome = watched.Execute(given);
            watched.RemoveAll();
            Assert.Equal(ExpectedEvents.Of(given, specs), watched.Events);
            string? difference = OutcomeComparison.Difference(given, expected, outcome, OutcomeFields.All);
            Assert.True(difference is null, $"{difference} ({given})");
            events += watched.Events.Count;
        }

        Assert.InRange(events, s_cases / 10, int.MaxValue);
        Assert.Equal(0, watched.Introspector.Statistics.InlineAccesses);
    }

    /// <summary>Whatever handlers answer, the guest and the handlers see what they see on the machine itself.</summary>
    [Theory]
    [InlineData("KVM")]
    [InlineData("HVF")]
    public void AnswersHaveTheSameEffect(string name)
    {
        using var direct = new WatchedGuest(useInlineFilter: false, answersVary: true);
        using var shaped = new WatchedGuest(Shape(name), answersVary: true);
        for (int seed = 0; seed < s_cases; seed++)
        {
            LoadStoreCase given = LoadStoreCaseGenerator.Make(seed);
            List<WatchSpec> specs = [.. WatchSpec.Some(new Random(seed), given.Target).Select(spec => name == "KVM" ? spec with { Kinds = WatchKinds.Write } : spec)];
            direct.Watch(specs);
            shaped.Watch(specs);
            Outcome one = direct.Execute(given);
            Outcome other = shaped.Execute(given);
            direct.RemoveAll();
            shaped.RemoveAll();
            Assert.Equal(direct.Events, shaped.Events);
            string? difference = OutcomeComparison.Difference(given, one, other, OutcomeFields.All);
            Assert.True(difference is null, $"{difference} ({given})");
        }
    }

    [Theory]
    [InlineData("KVM", "FetchExits")]
    [InlineData("HVF", null)]
    [InlineData("Xen", null)]
    public void AReadWatchWorksOrNamesWhatIsMissing(string name, string? missing)
    {
        using var watched = new WatchedGuest(Shape(name));
        WatchSpec[] read = [new("read", new IpaRange(new Ipa(TestLayout.Data), 8), WatchKinds.Read)];
        if (missing is null)
        {
            watched.Watch(read);
        }
        else
        {
            Assert.Contains(missing, Assert.Throws<NotSupportedException>(() => watched.Watch(read)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void ThePolicyOpenAndStepNamesTheSingleStepThatXenLacks()
    {
        using var guest = new GuestMachine();
        var xen = new XenShape(guest.Machine, (_, _) => throw new InvalidOperationException());
        var options = new IntrospectorOptions { UnsupportedAccess = UnsupportedAccessPolicy.OpenAndStep };
        Assert.Contains("ISingleStep", Assert.Throws<NotSupportedException>(() => new Introspector(xen, options)).Message, StringComparison.Ordinal);
    }

    private static Func<IVirtualMachine, ShapeRun, BackendShape> Shape(string name) => name switch
    {
        "KVM" => static (machine, run) => new KvmShape(machine, run),
        "HVF" => static (machine, run) => new HvfShape(machine, run),
        _ => static (machine, run) => new XenShape(machine, run),
    };
}
