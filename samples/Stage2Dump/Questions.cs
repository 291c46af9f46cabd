using System;
using System.Collections.Generic;
using System.Globalization;
using HvIntrospect.Tooling.Tables;
using HvIntrospect.Translation.Stage2;

namespace HvIntrospect.Samples.Stage2Dump;

/// <summary>Asks the tables what the command line wants to know: without a question, everything.</summary>
internal sealed class Questions(TableSource source, Options options)
{
    /// <summary>Answers all questions.</summary>
    /// <param name="report">Receives the answers.</param>
    /// <returns>False when a budget ended before its answer.</returns>
    public bool Answer(IReport report)
    {
        bool isComplete = true;
        bool isAsked = options.ShowsGeometry || options.Translate.Count != 0 || options.Reverse.Count != 0;
        if (options.ShowsGeometry)
        {
            report.OnGeometry(Facts());
        }

        foreach (Ipa address in options.Translate)
        {
            Span<Stage2WalkStep> steps = new Stage2WalkStep[Stage2Walker.MostDescriptors];
            Stage2Translation found = source.Walker.Trace(address, steps, out int count);
            report.OnTranslation(address, found, steps[..count]);
        }

        foreach (Pa target in options.Reverse)
        {
            isComplete &= Reverse(target, report);
        }

        return (isAsked || report.OnRanges(new Stage2TableReader(source.Walker, source.Walker.Input, options.Budget))) && isComplete;
    }

    private bool Reverse(Pa target, IReport report)
    {
        var reader = new Stage2TableReader(source.Walker, source.Walker.Input, options.Budget);
        long count = 0;
        for (; reader.TryFind(new PaRange(target, 1), out Stage2Range found); count++)
        {
            report.OnAlias(target, found);
        }

        report.OnAliasesEnd(target, count, reader.IsComplete);
        return reader.IsComplete;
    }

    private List<(string Name, string Value)> Facts()
    {
        Stage2Geometry geometry = source.Geometry;
        return
        [
            ("granule", Stage2Listing.SizeOf(geometry.Granule.Size)),
            ("IPA", Bits(geometry.InputBits)),
            ("PA", Bits(geometry.OutputBits) + ", cores " + Bits(geometry.PhysicalAddressBits)),
            ("levels", geometry.StartLevel.ToString(CultureInfo.InvariantCulture) + " to 3"),
            ("first tables", geometry.RootTables.ToString(CultureInfo.InvariantCulture) + ", " + Stage2Listing.SizeOf((ulong)geometry.RootSize) + " at " + geometry.RootOf(source.Vttbr)),
            ("descriptors", geometry.HasLargeDescriptors ? "52-bit addresses, no shareability (DS)" : "with shareability"),
            ("forced Write-Back", geometry.HasForcedWriteBack ? "yes" : "no"),
            ("hardware updates", geometry.HasHardwareDirtyState ? "Access flag, dirty state" : geometry.HasHardwareAccessFlag ? "Access flag" : "none"),
            ("VMID", (geometry.HasWideVmid ? source.Vttbr.Vmid : (byte)source.Vttbr.Vmid).ToString(CultureInfo.InvariantCulture)),
            ("VTCR_EL2", geometry.Vtcr.ToString()),
            ("VTTBR_EL2", source.Vttbr.ToString()),
        ];
    }

    private static string Bits(int bits) => bits.ToString(CultureInfo.InvariantCulture) + " bits";
}
