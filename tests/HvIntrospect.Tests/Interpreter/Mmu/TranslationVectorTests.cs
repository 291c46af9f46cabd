using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;
using HvIntrospect.Interpreter.Mmu;
using HvIntrospect.Registers;
using HvIntrospect.Tests.Support;
using HvIntrospect.Translation;
using Xunit;

namespace HvIntrospect.Tests.Interpreter.Mmu;

/// <summary>Random tables of both stages: what address translation instructions and accesses gave on another implementation.</summary>
public sealed class TranslationVectorTests
{
    private const int Reported = 20;
    private readonly List<string> _differences = [];
    private int _compared;

    [Fact]
    public void EveryTranslationIsTheRecordedOne()
    {
        int worlds = 0;
        foreach (string file in VectorFiles.Find("el2"))
        {
            foreach (JsonElement world in VectorFiles.Read(file).Where(line => line.TryGetProperty("at", out _)))
            {
                worlds++;
                Compare(world);
            }
        }

        Assert.True(worlds >= 100 && _compared > 9000, $"{worlds} worlds, {_compared} translations");
        Assert.True(_differences.Count == 0, $"{_differences.Count} of {_compared} differ.\n{string.Join('\n', _differences.Take(Reported))}");
    }

    private static (A64Features Features, int AddressBits, TranslationFeatures Translation) CoreOf(string name) => name switch
    {
        "cortex-a53" => (A64Features.Armv8_0, 40, TranslationFeatures.None),
        "cortex-a72" => (A64Features.Armv8_0, 44, TranslationFeatures.None),
        "neoverse-n1" => (A64Features.Armv8_2, 48, TranslationFeatures.HAFDBS),
        _ => (A64Features.Armv8_9, 52, TranslationFeatures.HAFDBS),
    };

    private void Compare(JsonElement vector)
    {
        (A64Features features, int addressBits, TranslationFeatures translation) = CoreOf(vector.GetProperty("cpu").GetString()!);
        using var world = new TranslationWorld(features, addressBits, translation);
        foreach (JsonElement pair in vector.GetProperty("sysregs").EnumerateArray())
        {
            world.SetRegister(pair[0].GetString()!, TranslationWorld.Number(pair[1]));
        }

        foreach (JsonElement word in vector.GetProperty("mem").EnumerateArray())
        {
            world.Write64(TranslationWorld.Number(word[0]), TranslationWorld.Number(word[1]));
        }

        string id = vector.GetProperty("id").GetString()!;
        bool walkLevelIsWrong = vector.TryGetProperty("impl_choice", out JsonElement choice) && choice.GetString()!.Contains("HCR_EL2.PTW", StringComparison.Ordinal);
        foreach (JsonElement at in vector.GetProperty("at").EnumerateArray())
        {
            bool onlyOld = at.GetArrayLength() > 3 && at[3].TryGetProperty("only", out _);
            CompareAt(world, id, at[0].GetString()!, TranslationWorld.Number(at[1]), new Par(TranslationWorld.Number(at[2])), onlyOld, walkLevelIsWrong);
        }

        foreach (JsonElement access in vector.GetProperty("acc").EnumerateArray())
        {
            CompareAccess(world, id, access[0].GetString()!, TranslationWorld.Number(access[1]), access[2], walkLevelIsWrong);
        }
    }

    private unsafe void CompareAt(TranslationWorld world, string id, string operation, ulong va, Par expected, bool onlyOld, bool walkLevelIsWrong)
    {
        bool both = operation.StartsWith("S12", StringComparison.Ordinal);
        int el = operation.Contains("E1", StringComparison.Ordinal) ? 1 : 0;
        Par actual = world.Translator.TranslateForAt(world.Cpu, va, operation.Contains('W', StringComparison.Ordinal), el, both, pan: false, out _);

        // With Stage 2 off HCR_EL2.PTW has no effect; the other implementation applied it all the same.
        if (onlyOld && walkLevelIsWrong && (world.Cpu->System.HcrEl2 & (ulong)HcrBits.Vm) == 0)
        {
            return;
        }

        _compared++;
        bool levelIsWrong = expected.IsStage1Walk && (onlyOld || walkLevelIsWrong);
        bool same = levelIsWrong
            ? actual.IsStage1Walk && actual.IsStage2 && actual.Status.Kind == expected.Status.Kind
            : actual == expected || IsStrongerDevice(expected, actual);
        if (!same)
        {
            _differences.Add($"{id}: AT {operation} 0x{va:x}: expected {expected}, got {actual}");
        }
    }

    private unsafe void CompareAccess(TranslationWorld world, string id, string kind, ulong va, JsonElement expected, bool walkLevelIsWrong)
    {
        world.Domain.Perform(world.Cpu, TlbiOperation.Alle1, 0);
        AccessKind access = kind.StartsWith("fetch", StringComparison.Ordinal) ? AccessKind.Fetch : kind.StartsWith('s') ? AccessKind.Write : AccessKind.Read;
        va = access == AccessKind.Fetch ? WithoutTag(va, world.Cpu->System.TcrEl1) : va;
        int el = kind.EndsWith("-el0", StringComparison.Ordinal) || kind.StartsWith("ldtr", StringComparison.Ordinal) || kind.StartsWith("sttr", StringComparison.Ordinal) ? 0 : 1;
        world.Translator.Translate(world.Cpu, va, access, el, out TranslationResult result);
        if (result.IsMapped && !world.IsRam(result.Pa))
        {
            result.IsMapped = false;
            result.Fault = FaultRecord.External(va, access == AccessKind.Write);
        }

        // Where the payload itself cannot be fetched there is no access.
        bool isPayloadFault = access != AccessKind.Fetch && new Esr(TranslationWorld.Number(expected.GetProperty("esr"))).TryGetInstructionAbort(out _);
        if (isPayloadFault)
        {
            return;
        }

        _compared++;
        string actual = Describe(result, walkLevelIsWrong);
        string wanted = Describe(expected, access, walkLevelIsWrong);
        if (actual != wanted)
        {
            _differences.Add($"{id}: {kind} 0x{va:x}: expected {wanted}, got {actual}");
        }
    }

    // PAR_EL1 may report what an implementation makes of a Device type, which may be a stronger one.
    private static bool IsStrongerDevice(Par expected, Par actual) =>
        !expected.IsFault && !actual.IsFault && expected.Attributes < 0x10 && actual.Attributes < 0x10 && expected.Attributes < actual.Attributes
        && (expected.Value << 8) == (actual.Value << 8);

    // The exception return that starts a fetch drops the tag.
    private static ulong WithoutTag(ulong va, ulong tcr)
    {
        bool upper = (va & (1UL << 55)) != 0;
        bool ignored = new Tcr(tcr).Has(upper ? TcrBits.Tbi1 : TcrBits.Tbi0);
        return ignored ? (ulong)((long)(va << 8) >> 8) : va;
    }

    private static string Describe(in TranslationResult result, bool walkLevelIsWrong)
    {
        FaultRecord fault = result.Fault;
        return result.IsMapped ? "mapped"
            : fault.IsStage2 ? Text(2, fault.Status, fault.IsStage1Walk, fault.IsWrite, fault.Va, IsIpaKnown(fault.Status, fault.IsStage1Walk) ? fault.Ipa >> 12 : 0, walkLevelIsWrong)
            : Text(1, fault.Status, fault.IsStage1Walk, fault.IsWrite, fault.Va, 0, walkLevelIsWrong);
    }

    // An abort of Stage 2 is seen at EL2, one of Stage 1 at EL1, whose vectors hold HVC instructions; success ends in the HVC or SVC of the payload.
    private static string Describe(JsonElement observed, AccessKind access, bool walkLevelIsWrong)
    {
        var esr = new Esr(TranslationWorld.Number(observed.GetProperty("esr")));
        int stage = 2;
        ulong far = 0;
        ulong page = 0;
        if (observed.TryGetProperty("el1", out JsonElement el1))
        {
            esr = new Esr(TranslationWorld.Number(el1.GetProperty("esr")));
            stage = 1;
            far = TranslationWorld.Number(el1.GetProperty("far"));
        }
        else if (observed.TryGetProperty("far", out JsonElement farText))
        {
            far = TranslationWorld.Number(farText);
            page = new Hpfar(TranslationWorld.Number(observed.GetProperty("hpfar"))).Page.Value >> 12;
        }

        if (access == AccessKind.Fetch && esr.TryGetInstructionAbort(out InstructionAbortSyndrome fetch))
        {
            return Text(stage, fetch.Status, fetch.IsStage1Walk, false, far, IsIpaKnown(fetch.Status, fetch.IsStage1Walk) ? page : 0, walkLevelIsWrong);
        }

        return access != AccessKind.Fetch && esr.TryGetDataAbort(out DataAbortSyndrome data)
            ? Text(stage, data.Status, data.IsStage1Walk, data.IsWrite, far, IsIpaKnown(data.Status, data.IsStage1Walk) ? page : 0, walkLevelIsWrong)
            : "mapped";
    }

    private static bool IsIpaKnown(FaultStatus status, bool isWalk) =>
        status.Kind is FaultKind.Translation or FaultKind.AccessFlag or FaultKind.AddressSize || isWalk;

    private static string Text(int stage, FaultStatus status, bool isWalk, bool isWrite, ulong far, ulong page, bool walkLevelIsWrong)
    {
        string what = isWalk && walkLevelIsWrong ? status.Kind.ToString() : status.ToString();
        return string.Create(CultureInfo.InvariantCulture, $"stage {stage} {what}{(isWalk ? " on walk" : string.Empty)}{(isWrite ? " write" : string.Empty)} FAR {far:x} IPA page {page:x}");
    }
}
