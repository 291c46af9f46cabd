using System;
using System.Collections.Generic;
using HvIntrospect.A64;
using HvIntrospect.Introspection;
using HvIntrospect.Registers;
using HvIntrospect.Tests.Differential;
using HvIntrospect.Watchpoints;
using Xunit;
using FaultKind = HvIntrospect.Tests.Differential.FaultKind;

namespace HvIntrospect.Tests.Introspection.OnTheMachine;

/// <summary>Exits of which one field is not true, and instructions that are written between trap and fetch: nothing is performed that the guest did not ask for.</summary>
public sealed class LyingExitTests : IDisposable
{
    private const int Isv = 24;
    private const int Srt = 16;
    private const ulong Wnr = 1UL << 6;
    private const ulong Cm = 1UL << 8;
    private const ulong Ar = 1UL << 14;
    private const ulong Sf = 1UL << 15;
    private const ulong Sse = 1UL << 21;
    private const ulong Sas = 1UL << 22;

    private static readonly int s_cases = Environment.GetEnvironmentVariable("HVINTROSPECT_LONG") == "1" ? 20_000 : 500;

    private readonly NativeLeg _native = new();
    private readonly GuestMachine _guest = new();
    private readonly List<string> _events = [];

    public static TheoryData<InconsistencyPolicy> Policies => [.. Enum.GetValues<InconsistencyPolicy>()];

    public void Dispose()
    {
        _native.Dispose();
        _guest.Dispose();
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public void AFieldThatContradictsTheInstructionIsNamedAndThePolicyFollowed(InconsistencyPolicy policy)
    {
        using Introspector introspector = Watched(new IntrospectorOptions { UseInlineFilter = false, Inconsistency = policy });
        var named = new HashSet<string>();
        for (int seed = 0; seed < s_cases; seed++)
        {
            LoadStoreCase given = LoadStoreCaseGenerator.Make(seed);
            _guest.Load(given);
            VcpuExit truth = _guest.Machine.Run(_guest.Vcpu, 1);
            A64Decoder.Default.DecodeLoadStore(given.Word, out LoadStoreAccess access);
            if (!truth.Esr.TryGetDataAbort(out DataAbortSyndrome abort) || (access.IsExclusive && access.Kind == LoadStoreKind.Store))
            {
                // It faulted at Stage 1, or its monitor was open.
                continue;
            }

            Outcome expected = _native.Execute(given);
            foreach ((VcpuExit lie, string field) in Lies(truth, abort, access, new Random(seed)))
            {
                if (field is "FAR" or "IPA" && expected.Fault != FaultKind.None)
                {
                    // The guest takes the fault of its own tables, wherever the exit says that it was.
                    continue;
                }

                named.Add(field);
                _guest.Load(given);
                _events.Clear();
                Outcome before = _guest.Read(given);
                VcpuAction action = Repeat(introspector, given, lie);
                Outcome after = _guest.Read(given);
                bool isTrusted = policy == InconsistencyPolicy.TrustOpcode && lie.Esr.Value != truth.Esr.Value && field != "CM";
                if (isTrusted)
                {
                    Assert.Equal(VcpuActionKind.Resume, action.Kind);
                    AssertSame(given, field, expected, after);
                    continue;
                }

                Assert.Empty(_events);
                if (policy == InconsistencyPolicy.InjectExternalAbort)
                {
                    Assert.Equal((VcpuActionKind.Resume, FaultKind.Injected), (action.Kind, after.Fault));
                    Assert.Equal(before.X, after.X);
                    Assert.Equal(before.Memory, after.Memory);
                    continue;
                }

                Assert.Equal((VcpuActionKind.Stop, StopReason.Inconsistent, field), (action.Kind, action.StopReason, action.Detail));
                AssertSame(given, field, before, after);

                // The lie has left nothing behind.
                Assert.Equal(VcpuActionKind.Resume, introspector.Handle(_guest.Vcpu, truth).Kind);
                AssertSame(given, "none", expected, _guest.Read(given));
            }
        }

        Assert.Superset(new HashSet<string> { "WnR", "ISV", "SAS", "SRT", "SSE", "SF", "AR", "CM", "FAR", "IPA", "Opcode" }, named);
    }

    [Fact]
    public void AnInstructionWrittenBetweenTrapAndFetchIsExecutedAsItStandsThen()
    {
        using Introspector introspector = Watched(new IntrospectorOptions { UseInlineFilter = false });
        int rewritten = 0;
        for (int seed = 0; seed < 2 * s_cases; seed++)
        {
            LoadStoreCase given = LoadStoreCaseGenerator.Make(seed);
            _guest.Load(given);
            VcpuExit exit = _guest.Machine.Run(_guest.Vcpu, 1);
            LoadStoreCase then = given.WithWord(LoadStoreCaseGenerator.Make(seed + 1_000_000).Word);
            A64Decoder.Default.DecodeLoadStore(then.Word, out LoadStoreAccess access);
            if (exit.Kind == VcpuExitKind.Canceled || access.IsExclusive)
            {
                continue;
            }

            rewritten++;
            Outcome expected = _native.Execute(then);
            _events.Clear();
            Assert.Equal(sizeof(uint), _guest.Machine.Memory.Write(new Ipa(given.Pc), BitConverter.GetBytes(then.Word)));
            for (int exits = 0; _guest.Vcpu.Core.Pc.Value == given.Pc; exits++)
            {
                Assert.InRange(exits, 0, 8);
                Assert.Equal(VcpuActionKind.Resume, introspector.Handle(_guest.Vcpu, exit).Kind);
                if (_guest.Vcpu.Core.Pc.Value == given.Pc)
                {
                    exit = _guest.Machine.Run(_guest.Vcpu, 1);
                    if (exit.Kind == VcpuExitKind.Canceled)
                    {
                        break;
                    }
                }
            }

            AssertSame(then, "opcode", expected, _guest.Read(then));
            Assert.Equal(ExpectedEvents.Of(then, [new WatchSpec("all", Window, WatchKinds.ReadWrite)]), expected.Fault == FaultKind.None ? _events : []);
        }

        Assert.InRange(rewritten, s_cases / 2, int.MaxValue);
    }

    private static IpaRange Window => new(new Ipa(TestLayout.Data), TestLayout.DataSize);

    private static void AssertSame(LoadStoreCase given, string field, Outcome expected, Outcome actual)
    {
        string? difference = OutcomeComparison.Difference(given, expected, actual, OutcomeFields.All);
        Assert.True(difference is null, $"{difference} after a lie about {field} ({given})");
    }

    /// <summary>The exit with one thing changed, and the field in which that contradicts the instruction.</summary>
    private static IEnumerable<(VcpuExit Exit, string Field)> Lies(VcpuExit truth, DataAbortSyndrome abort, LoadStoreAccess access, Random random)
    {
        ulong esr = truth.Esr.Value;
        yield return (With(truth, esr ^ Wnr), "WnR");
        yield return (With(truth, esr | Cm | Wnr), "CM");
        if (abort.TryGetInstructionSyndrome(out _))
        {
            yield return (With(truth, esr ^ (Sas * (ulong)random.Next(1, 4))), "SAS");
            yield return (With(truth, esr ^ ((ulong)random.Next(1, 32) << Srt)), "SRT");
            yield return (With(truth, esr ^ Sse), "SSE");
            yield return (With(truth, esr ^ Sf), "SF");
            yield return (With(truth, esr ^ Ar), "AR");
        }
        else if (!access.MayReportSyndrome)
        {
            yield return (With(truth, esr | (1UL << Isv) | ((ulong)access.Rt << Srt)), "ISV");
        }

        ulong far = truth.Far.Value;
        ulong elsewhere = far + 64 < TestLayout.DataEnd ? far + 64 : far - 64;
        yield return (VcpuExit.FromException(truth.Esr, new Va(elsewhere)), "FAR");
        yield return (VcpuExit.FromException(truth.Esr, new Va(TestLayout.DataEnd + TestLayout.PageSize)), "FAR");
        ulong otherPage = far + (2 * TestLayout.PageSize) < TestLayout.DataEnd ? far + (2 * TestLayout.PageSize) : far - (2 * TestLayout.PageSize);
        if (otherPage >= TestLayout.Data)
        {
            yield return (VcpuExit.FromExceptionWithIpa(truth.Esr, new Ipa(otherPage), truth.Far), "IPA");
        }

        yield return (VcpuExit.FromException(truth.Esr, truth.Far, opcode: 0xD503201F), "Opcode"); // nop
        yield return (VcpuExit.FromException(truth.Esr, truth.Far, opcode: 0xF9800020), "Opcode"); // prfm pldl1keep, [x1]
        yield return (VcpuExit.FromException(truth.Esr, truth.Far, opcode: 0xD50B7A21), "CM"); // dc cvac, x1
    }

    private static VcpuExit With(VcpuExit exit, ulong esr) => VcpuExit.FromException(new Esr(esr), exit.Far);

    /// <summary>The same exit, as often as the library lets the guest try again.</summary>
    private VcpuAction Repeat(Introspector introspector, LoadStoreCase given, VcpuExit exit)
    {
        for (int exits = 0; exits < 3; exits++)
        {
            VcpuAction action = introspector.Handle(_guest.Vcpu, exit);
            if (action.Kind != VcpuActionKind.Resume || _guest.Vcpu.Core.Pc.Value != given.Pc)
            {
                return action;
            }
        }

        throw new InvalidOperationException($"{given} was tried more than twice again.");
    }

    private Introspector Watched(IntrospectorOptions options)
    {
        var introspector = new Introspector(_guest.Machine, options);
        introspector.AddWatch(Window, WatchKinds.ReadWrite, (in WatchEvent e) =>
        {
            _events.Add(WatchSpec.Text("all", e.Kind, e.Ipa.Value, e.Size, e.OldValue, e.NewValue));
            return WatchResponse.Continue;
        });
        return introspector;
    }
}
