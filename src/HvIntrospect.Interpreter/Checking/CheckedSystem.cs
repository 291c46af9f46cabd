using HvIntrospect.Registers;
using HvIntrospect.Translation;

namespace HvIntrospect.Interpreter.Checking;

/// <summary>What all rules share: the cores, what they implement, the memory that holds the tables, and who takes findings.</summary>
internal sealed class CheckedSystem
{
    /// <summary>Initialises a system of cores of which nothing is known yet.</summary>
    /// <param name="memory">The memory that holds the tables.</param>
    /// <param name="coreCount">The number of cores.</param>
    public CheckedSystem(IPhysicalMemory memory, int coreCount)
    {
        Memory = memory;
        Cores = new CheckedCore[coreCount];
        for (int i = 0; i < coreCount; i++)
        {
            Cores[i] = new CheckedCore();
        }
    }

    /// <summary>Gets the memory that holds the tables.</summary>
    public IPhysicalMemory Memory { get; }

    /// <summary>Gets the cores.</summary>
    public CheckedCore[] Cores { get; }

    /// <summary>Gets a value indicating whether there is but one core, so that local maintenance reaches all.</summary>
    public bool HasOneCore => Cores.Length == 1;

    /// <summary>Gets the findings.</summary>
    public FindingLog Findings { get; } = new();

    /// <summary>Gets or sets what the cores implement of translation.</summary>
    public TranslationFeatures Features { get; set; }

    /// <summary>Gets or sets a value indicating whether new code must be cleaned from the data cache (CTR_EL0.IDC = 0).</summary>
    public bool NeedsDataCacheClean { get; set; } = true;

    /// <summary>Gets or sets a value indicating whether the instruction cache must be invalidated for new code (CTR_EL0.DIC = 0).</summary>
    public bool NeedsInstructionCacheInvalidation { get; set; } = true;

    /// <summary>Gets the level of FEAT_BBM: 0 to 2.</summary>
    public int BreakBeforeMakeLevel => (Features & TranslationFeatures.BBML2) != 0 ? 2 : (Features & TranslationFeatures.BBML1) != 0 ? 1 : 0;

    /// <summary>Gets a value indicating whether there are descriptors of 52-bit addresses for each granule (FEAT_LPA2).</summary>
    public bool HasLargeDescriptors => (Features & TranslationFeatures.LPA2) != 0;
}
