using HvIntrospect.Registers;
using HvIntrospect.Samples.Shared;
using HvIntrospect.Translation;
using HvIntrospect.Translation.Stage2;

namespace HvIntrospect.Samples.Stage2Dump;

/// <summary>Tables in a file that holds a part of physical memory.</summary>
/// <param name="Path">The file.</param>
/// <param name="Start">The physical address of its first byte.</param>
/// <param name="Vttbr">VTTBR_EL2.</param>
/// <param name="Vtcr">VTCR_EL2.</param>
/// <param name="PhysicalAddressBits">The physical address size of the cores.</param>
/// <param name="Features">What the cores implement.</param>
/// <param name="ForcesWriteBack">HCR_EL2.FWB.</param>
internal sealed record ImageSource(
    string Path, Pa Start, Vttbr Vttbr, Vtcr Vtcr, int PhysicalAddressBits, TranslationFeatures Features, bool ForcesWriteBack) : ISource
{
    /// <inheritdoc/>
    public TableSource Open()
    {
        if (!Stage2Geometry.TryFromVtcr(Vtcr, PhysicalAddressBits, Features, ForcesWriteBack, out Stage2Geometry? geometry, out string? reason))
        {
            throw new BadInputException($"--vtcr {Vtcr}: {reason}");
        }

        return new TableSource(new ImageMemory(Start, InputFile.Read(Path)), geometry, Vttbr);
    }
}
