using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using HvIntrospect.Exceptions;
using HvIntrospect.Registers;
using HvIntrospect.Tests.Support;
using Xunit;

namespace HvIntrospect.Tests.Exceptions;

/// <summary>Exceptions to EL1 that were recorded below a hypervisor: the vector, the four registers and the state in which the vector runs.</summary>
/// <remarks>Each entry of the recorded worlds' vector tables calls EL2 with 0x100 and its number, so that EL2 has seen the state after the entry.</remarks>
public sealed class ExceptionEntryVectorTests
{
    private const uint FirstVectorCall = 0x100;
    private const int VectorCount = 16;
    private const ulong VectorSize = 0x80;

    // PSTATE.ALLINT is masked out of the recorded values.
    private const ulong StateMask = ~(1UL << 13);

    private const A64Features NeoverseN1 = A64Features.Armv8_2 | A64Features.SSBS | A64Features.LRCPC | A64Features.DotProd;

    [Fact]
    public void EveryRecordedEntryIsMadeAlike()
    {
        string[] files = [.. VectorFiles.Find("el2", null)];
        Dictionary<string, Dictionary<string, ulong>> worlds = VectorFiles.Read(files.Single(file => Path.GetFileName(file).StartsWith("envs.", StringComparison.Ordinal)))
            .ToDictionary(world => world.GetProperty("env").GetString()!, world => world.GetProperty("sysregs").EnumerateArray().ToDictionary(register => register[0].GetString()!, register => Convert.ToUInt64(register[1].GetString(), 16)));
        int entries = 0;
        var differences = new List<string>();
        foreach (JsonElement recorded in files.Where(file => Path.GetFileName(file)[0] is 'a' or 'b').SelectMany(VectorFiles.Read))
        {
            if (recorded.TryGetProperty("qemu_wrong", out _))
            {
                continue;
            }

            Dictionary<string, ulong> world = worlds[recorded.GetProperty("env").GetString()!];
            foreach (JsonElement seen in recorded.GetProperty("steps").EnumerateArray().Where(step => step.GetProperty("do").GetString() == "run").Select(step => step.GetProperty("obs")))
            {
                foreach (A64Features features in FeaturesOf(recorded))
                {
                    if (Difference(seen, world, features) is string difference)
                    {
                        differences.Add($"{recorded.GetProperty("id")} with {features}: {difference}");
                    }
                }

                entries += IsEntry(seen) ? 1 : 0;
            }
        }

        Assert.True(entries > 500);
        Assert.True(differences.Count == 0, $"{differences.Count} differ.\n{string.Join('\n', differences.Take(10))}");
    }

    private static bool IsEntry(JsonElement seen) =>
        seen.TryGetProperty("el1", out _) && new Esr(Number(seen, "esr")).TryGetCall(out CallSyndrome call) && call.Immediate - FirstVectorCall < VectorCount;

    private static string? Difference(JsonElement seen, Dictionary<string, ulong> world, A64Features features)
    {
        if (!IsEntry(seen))
        {
            return null;
        }

        new Esr(Number(seen, "esr")).TryGetCall(out CallSyndrome call);
        uint vector = call.Immediate - FirstVectorCall;
        JsonElement el1 = seen.GetProperty("el1");
        var kind = (El1ExceptionKind)(vector % 4);
        var esr = new Esr(Number(el1, "esr"));
        var far = new Va(Number(el1, "far"));
        El1Exception exception = kind switch
        {
            El1ExceptionKind.Synchronous => El1Exception.Synchronous(esr, far),
            El1ExceptionKind.Irq => El1Exception.Irq,
            El1ExceptionKind.Fiq => El1Exception.Fiq,
            _ => El1Exception.SError(esr.Iss),
        };
        var core = new CoreRegisters { Pc = new Va(Number(el1, "elr")), Pstate = new Spsr(Number(el1, "spsr")) };
        var registers = new ExceptionRegisters { VbarEl1 = world["VBAR_EL1"] };
        ExceptionEntry.EnterEl1(ref core, ref registers, new Sctlr(world["SCTLR_EL1"]), features, exception);

        // The call has moved PC on by one instruction.
        ulong place = Number(seen, "elr") - sizeof(uint);
        return core.Pc.Value != place ? $"vector {core.Pc} and not 0x{place:x}"
            : core.Pc.Value - registers.VbarEl1 != vector * VectorSize ? $"vector {core.Pc} is not number {vector}"
            : (core.Pstate.Value & StateMask) != (Number(seen, "spsr") & StateMask) ? $"state {core.Pstate} and not 0x{Number(seen, "spsr"):x}"
            : registers.SpsrEl1.Value != Number(el1, "spsr") || registers.ElrEl1 != Number(el1, "elr") ? "SPSR_EL1 or ELR_EL1"
            : kind == El1ExceptionKind.Synchronous && (registers.EsrEl1 != esr || registers.FarEl1 != far.Value) ? "ESR_EL1 or FAR_EL1"
            : null;
    }

    /// <summary>Gets what the cores have that gave the result.</summary>
    private static IEnumerable<A64Features> FeaturesOf(JsonElement recorded)
    {
        foreach (string core in recorded.GetProperty("on").EnumerateArray().Select(on => on.GetString()!.Split('/')[1]).Distinct())
        {
            // The newest model has everything, but its tags are off, and with them TCO.
            yield return core switch
            {
                "max" => A64Features.All & ~A64Features.MTE,
                "neoverse-n1" => NeoverseN1,
                _ => A64Features.Armv8_0 | A64Features.CRC32,
            };
        }
    }

    private static ulong Number(JsonElement json, string name) => Convert.ToUInt64(json.GetProperty(name).GetString(), 16);
}
