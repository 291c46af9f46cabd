using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using HvIntrospect.Registers;
using HvIntrospect.Tests.Support;
using HvIntrospect.Translation;
using Xunit;

namespace HvIntrospect.Tests.Translation;

/// <summary>The walk of both stages against what AT instructions and real accesses gave on random tables of all granules.</summary>
public sealed class WalkVectorTests
{
    private const ulong PageMask = 0x000F_FFFF_FFFF_F000;
    private static readonly Spsr s_el1 = new(0x3C5);
    private static readonly Spsr s_el0 = new(0x3C0);

    [Fact]
    public void TheWalkAgreesWithAddressTranslationInstructions()
    {
        int compared = 0;
        var wrong = new List<string>();
        foreach ((string id, JsonElement json, WalkVectorWorld world) in Worlds())
        {
            foreach (JsonElement query in json.GetProperty("at").EnumerateArray())
            {
                string operation = query[0].GetString()!;

                // S1E1R, S12E0W, S1E1WP (which obeys PSTATE.PAN, 0 in the monitor) and so on.
                int level = operation.IndexOf('E', StringComparison.Ordinal) + 1;
                bool atEl0 = operation[level] == '0';
                bool isWrite = operation[level + 1] == 'W';
                var access = Stage1Access.ForData(atEl0 ? s_el0 : s_el1, isWrite ? Stage1AccessKind.Write : Stage1AccessKind.Read);
                bool isBoth = operation[2] == '2';
                TwoStageTranslation outcome = world.Translate(WalkVectorWorld.Hex(query[1]), access);
                var par = new Par(WalkVectorWorld.Hex(query[2]));
                bool onlyOlder = query.GetArrayLength() > 3 && query[3].TryGetProperty("only", out _);
                compared++;
                if (!Agrees(par, outcome, isBoth, onlyOlder))
                {
                    wrong.Add($"{id} {operation} {query[1].GetString()}: PAR {par}, walked {outcome.ToPar()}: {outcome} [{outcome.Stage1}]");
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join("\n", wrong.Take(20)));
        Assert.InRange(compared, 4000, int.MaxValue);
    }

    [Fact]
    public void TheWalkAgreesWithRealAccesses()
    {
        int compared = 0;
        var wrong = new List<string>();
        foreach ((string id, JsonElement json, WalkVectorWorld world) in Worlds())
        {
            foreach (JsonElement query in json.GetProperty("acc").EnumerateArray())
            {
                string kind = query[0].GetString()!;
                bool atEl0 = kind.EndsWith("-el0", StringComparison.Ordinal);
                Spsr state = atEl0 ? s_el0 : s_el1;
                bool isFetch = kind.StartsWith("fetch", StringComparison.Ordinal);
                bool isWrite = kind.StartsWith("st", StringComparison.Ordinal);
                Stage1Access access = isFetch
                    ? Stage1Access.ForFetch(state)
                    : Stage1Access.ForData(state, isWrite ? Stage1AccessKind.Write : Stage1AccessKind.Read, kind.Contains("tr", StringComparison.Ordinal) && kind[2] == 't');
                ulong va = WalkVectorWorld.Hex(query[1]);
                TwoStageTranslation outcome = world.Translate(va, access);
                bool isPayloadAborted = !isFetch && new Esr(WalkVectorWorld.Hex(query[2].GetProperty("esr"))).Class == ExceptionClass.InstructionAbortLowerEl;
                if (isPayloadAborted)
                {
                    continue;
                }

                compared++;
                string? difference = Difference(query[2], outcome, isFetch, isWrite);
                if (difference is not null)
                {
                    wrong.Add($"{id} {kind} {query[1].GetString()}: {difference}; walked {outcome} [{outcome.Stage1}] {query[2]}");
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join("\n", wrong.Take(20)));
        Assert.InRange(compared, 4000, int.MaxValue);
    }

    private static IEnumerable<(string Id, JsonElement Json, WalkVectorWorld World)> Worlds() =>
        from file in VectorFiles.Find("el2")
        where Path.GetFileName(file).StartsWith("d.", StringComparison.Ordinal)
        from json in VectorFiles.Read(file)
        let world = new WalkVectorWorld(json)
        where !world.IsBeyondSoftware
        select (json.GetProperty("id").GetString()!, json, world);

    private static bool Agrees(Par par, in TwoStageTranslation outcome, bool isBoth, bool onlyOlder)
    {
        // What Stage 1 alone is asked for does not meet Stage 2 but at its tables.
        bool isFault = outcome.IsFault && (isBoth || !outcome.IsStage2Fault || outcome.IsStage1Walk);
        if (par.IsFault != isFault)
        {
            return false;
        }

        if (!par.IsFault)
        {
            return isBoth
                ? par.Page == (outcome.Pa.Value & PageMask) && par.Shareability == (int)outcome.Shareability && HasType(par.Attributes, outcome)
                : par.Page == (outcome.Ipa.Value & PageMask) && par.Attributes == outcome.Stage1.Attributes.Value;
        }

        // The older version gives the Stage 1 level for a Stage 2 fault on a walk.
        bool sameStatus = onlyOlder && outcome.IsStage1Walk ? par.Status.Kind == outcome.Status.Kind : par.Status == outcome.Status;
        return sameStatus && par.IsStage2 == outcome.IsStage2Fault && par.IsStage1Walk == outcome.IsStage1Walk;
    }

    private static bool HasType(byte expected, in TwoStageTranslation outcome)
    {
        // The emulator takes the inner half of Normal memory, when it is Non-cacheable, for Device-nGnRE if the other stage is Device.
        const byte DeviceNGnRE = 4;
        bool isOneNormal = !outcome.Stage1.Attributes.IsDevice || ((outcome.Stage2.Descriptor >> 4) & 3) != 0;
        return expected == outcome.Attributes.Value || (expected == DeviceNGnRE && outcome.Attributes.IsDevice && isOneNormal);
    }

    private static string? Difference(JsonElement seen, in TwoStageTranslation outcome, bool isFetch, bool isWrite)
    {
        var atEl2 = new Esr(WalkVectorWorld.Hex(seen.GetProperty("esr")));
        bool isHypercall = atEl2.Class == ExceptionClass.Hvc64;
        bool tookEl1 = seen.TryGetProperty("el1", out JsonElement el1);
        Esr esr = tookEl1 ? new Esr(WalkVectorWorld.Hex(el1.GetProperty("esr"))) : atEl2;
        bool isAbort = esr.TryGetDataAbort(out DataAbortSyndrome data) | esr.TryGetInstructionAbort(out InstructionAbortSyndrome fetch);
        if (!isAbort)
        {
            if (outcome.IsFault)
            {
                return "no fault expected";
            }

            ulong expected = isFetch ? WalkVectorWorld.ScratchWord(outcome.Pa.Value)
                : isWrite ? 0
                : WalkVectorWorld.ScratchWord(outcome.Pa.Value & ~7UL) | ((ulong)WalkVectorWorld.ScratchWord((outcome.Pa.Value & ~7UL) + 4) << 32);
            return isFetch && isHypercall && !tookEl1 && WalkVectorWorld.IsScratch(outcome.Pa.Value) && ((uint)atEl2.Value & 0xFFFF) != ((expected >> 5) & 0xFFFF) ? "another word was fetched"
                : !isFetch && !isWrite && seen.TryGetProperty("x3", out JsonElement x3) && WalkVectorWorld.IsScratch(outcome.Pa.Value) && WalkVectorWorld.Hex(x3) != expected ? "another word was loaded"
                : null;
        }

        FaultStatus status = data.Status;
        bool isWalk = data.IsStage1Walk;
        if (fetch.Status.Code != 0 || esr.Class is ExceptionClass.InstructionAbortLowerEl or ExceptionClass.InstructionAbortSameEl)
        {
            status = fetch.Status;
            isWalk = fetch.IsStage1Walk;
        }

        // Nothing is mapped to where no memory is by Stage 1 or 2 alone: the bus answers.
        if (status.Kind == FaultKind.SynchronousExternal)
        {
            return outcome.IsFault || WalkVectorWorld.IsRam(outcome.Pa.Value) ? "an external abort" : null;
        }

        // The emulator names level 0 where HCR_EL2.PTW alone denies a walk.
        bool isProtectedWalk = outcome.IsStage1Walk && !outcome.Stage2.IsFault;
        if (!outcome.IsFault || (isProtectedWalk ? status.Kind != FaultKind.Permission : status != outcome.Status) || (!tookEl1 && isWalk != outcome.IsStage1Walk))
        {
            return $"{status} walk={isWalk}";
        }

        bool external = status.Kind == FaultKind.SynchronousExternalOnWalk;
        if (!external && tookEl1 == outcome.IsStage2Fault)
        {
            return "taken to the other Exception level";
        }

        return outcome.IsStage2Fault && !external && seen.TryGetProperty("hpfar", out JsonElement hpfar) && hpfar.GetString() != "unwritten"
            && new Hpfar(WalkVectorWorld.Hex(hpfar)).Page.Value != (outcome.FaultIpa.Value & PageMask)
            ? $"HPFAR {hpfar.GetString()}" : null;
    }
}
