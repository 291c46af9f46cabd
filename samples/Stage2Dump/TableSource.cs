using System;
using System.Globalization;
using System.IO;
using HvIntrospect.Registers;
using HvIntrospect.Samples.Shared;
using HvIntrospect.Translation;
using HvIntrospect.Translation.Stage2;

namespace HvIntrospect.Samples.Stage2Dump;

/// <summary>Tables to be looked at: memory, and the registers that say where and what they are.</summary>
/// <param name="Memory">The memory in which they lie.</param>
/// <param name="Geometry">Their shape.</param>
/// <param name="Vttbr">VTTBR_EL2.</param>
internal sealed record TableSource(ImageMemory Memory, Stage2Geometry Geometry, Vttbr Vttbr)
{
    /// <summary>Gets a walker of the tables.</summary>
    public Stage2Walker Walker { get; } = new(Memory, Geometry, Vttbr);

    /// <summary>Writes the memory to a file, without the zeros at its end.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="BadInputException">It cannot be written.</exception>
    public void Save(string path)
    {
        try
        {
            File.WriteAllBytes(path, Memory.UntilLast(Geometry.Granule.Size));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new BadInputException($"{path}: cannot be written: {exception.Message}");
        }
    }

    /// <summary>Gets the command line that reads the file again.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Options of this program.</returns>
    public string ArgumentsFor(string path)
    {
        TranslationFeatures features = Geometry.Features;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"--image {path} --base {Memory.Start} --vttbr {Vttbr} --vtcr {Geometry.Vtcr} --parange {Geometry.PhysicalAddressBits}")
            + (features == TranslationFeatures.None ? string.Empty : " --features " + features.ToString().Replace(" ", string.Empty, StringComparison.Ordinal))
            + (Geometry.HasForcedWriteBack ? " --fwb" : string.Empty);
    }
}
