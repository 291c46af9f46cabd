using System;
using System.Globalization;
using HvIntrospect.Registers;

namespace HvIntrospect.Translation.Stage2;

/// <summary>The shape of a VM's Stage 2 tables: granule, address sizes, start level and concatenated first tables.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "Concatenated translation tables for the initial stage 2 lookup". Immutable and thread-safe.</remarks>
public sealed class Stage2Geometry
{
    private const int SmallestInput = 25;
    private const int LargestInput = 48;

    /// <summary>Makes a geometry.</summary>
    /// <param name="inputBits">The size of intermediate physical addresses: 25 to 48 bits and not above <paramref name="outputBits"/>.</param>
    /// <param name="outputBits">The physical address size of the cores: 32, 36, 40, 42, 44 or 48 bits.</param>
    /// <param name="granule">The granule; null means 4 KB.</param>
    /// <param name="startLevel">The level of the first lookup; null takes the last level that at most 16 concatenated tables permit, which makes walks shortest but excludes blocks of the levels before it.</param>
    /// <param name="wideVmid">True where the cores have 16-bit VMIDs and they are used.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is not one of the above, or the start level does not suit the input size or the cores.</exception>
    public Stage2Geometry(int inputBits, int outputBits, TranslationGranule? granule = null, int? startLevel = null, bool wideVmid = false)
    {
        if (outputBits is not (32 or 36 or 40 or 42 or 44 or 48))
        {
            throw new ArgumentOutOfRangeException(nameof(outputBits), outputBits, "The physical address size is 32, 36, 40, 42, 44 or 48 bits.");
        }

        int largest = Math.Min(outputBits, LargestInput);
        if (inputBits < SmallestInput || inputBits > largest)
        {
            throw new ArgumentOutOfRangeException(
                nameof(inputBits), inputBits, "The size of intermediate physical addresses is 25 to " + largest.ToString(CultureInfo.InvariantCulture) + " bits.");
        }

        Granule = granule ?? TranslationGranule.Granule4K;
        InputBits = inputBits;
        OutputBits = outputBits;
        StartLevel = startLevel ?? LastPossibleStartLevel(Granule, inputBits);
        if (!Granule.CanStartStage2(StartLevel, inputBits, outputBits))
        {
            throw new ArgumentOutOfRangeException(
                nameof(startLevel), StartLevel, "A walk of " + inputBits.ToString(CultureInfo.InvariantCulture) + " bits cannot start at this level on these cores.");
        }

        RootTables = 1 << Math.Max(0, inputBits - Granule.BlockSizeLog2(StartLevel) - Granule.Stride);
        HasWideVmid = wideVmid;
    }

    /// <summary>Gets the granule.</summary>
    public TranslationGranule Granule { get; }

    /// <summary>Gets the size of intermediate physical addresses in bits, 25 to 48.</summary>
    public int InputBits { get; }

    /// <summary>Gets the size of physical addresses in bits, 32 to 48.</summary>
    public int OutputBits { get; }

    /// <summary>Gets the level of the first lookup, 0 to 3.</summary>
    public int StartLevel { get; }

    /// <summary>Gets the number of concatenated first tables, 1 to 16.</summary>
    public int RootTables { get; }

    /// <summary>Gets a value indicating whether VMIDs have 16 bits.</summary>
    public bool HasWideVmid { get; }

    /// <summary>Gets the value for VTCR_EL2: walks are Inner Shareable and Write-Back.</summary>
    public Vtcr Vtcr => Vtcr.Create(
        64 - InputBits,
        Granule.Stage2LastStartLevel - StartLevel,
        Granule.GranuleSize,
        PhysicalAddressSize.Encode(OutputBits),
        HasWideVmid);

    private static int LastPossibleStartLevel(TranslationGranule granule, int inputBits)
    {
        int level = granule.Stage2LastStartLevel;
        while (inputBits > granule.BlockSizeLog2(level) + granule.Stride + TranslationGranule.MostConcatenatedLog2)
        {
            level--;
        }

        return level;
    }
}
