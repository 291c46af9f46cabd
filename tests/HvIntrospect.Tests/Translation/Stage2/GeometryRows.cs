using System.Collections.Generic;
using System.Linq;
using HvIntrospect.Registers;
using HvIntrospect.Translation;

namespace HvIntrospect.Tests.Translation.Stage2;

/// <summary>
/// The manual's tables of Stage 2 start levels as numbers: SL2:SL0, the level, the input sizes that 1 to 16 first tables resolve, the least
/// physical address size, and what else is needed. Written down apart from the library's formula.
/// </summary>
internal static class GeometryRows
{
    public static readonly int[] AddressSizes = [32, 36, 40, 42, 44, 48, 52];

    public static readonly TranslationGranule[] Granules = [TranslationGranule.Granule4K, TranslationGranule.Granule16K, TranslationGranule.Granule64K];

    /// <summary>The features that decide what is legal, in all combinations.</summary>
    public static readonly TranslationFeatures[] Cores =
    [
        TranslationFeatures.None, TranslationFeatures.LPA2, TranslationFeatures.TTST, TranslationFeatures.LPA2 | TranslationFeatures.TTST,
    ];

    private static readonly (int Granule, int Sl, int Level, int Least, int Most, int Pa, bool Large, bool Small)[] s_rows =
    [
        (12, 3, 3, 13, 25, 32, false, true), (12, 0, 2, 22, 34, 32, false, false), (12, 1, 1, 31, 43, 32, false, false),
        (12, 2, 0, 40, 52, 44, false, false), (12, 4, -1, 49, 61, 32, true, false),
        (14, 0, 3, 15, 29, 32, false, false), (14, 1, 2, 26, 40, 32, false, false), (14, 2, 1, 37, 51, 42, false, false), (14, 3, 0, 48, 62, 32, true, false),
        (16, 0, 3, 17, 33, 32, false, false), (16, 1, 2, 30, 46, 32, false, false), (16, 2, 1, 43, 59, 44, false, false),
    ];

    /// <summary>Gets the level that a value of VTCR_EL2 starts at; null when hardware does not walk with it.</summary>
    public static int? Level(TranslationGranule granule, bool ds, int sl2, int sl0, int input, int pa, TranslationFeatures features)
    {
        bool large = IsLarge(granule, ds, features);
        int sl = large && granule.SizeLog2 == 12 ? (sl2 << 2) | sl0 : sl0;
        return Legal(granule, large, input, pa, features).Where(row => row.Sl == sl).Select(row => (int?)row.Level).FirstOrDefault();
    }

    /// <summary>Gets all levels that tables may start at.</summary>
    public static IEnumerable<int> Levels(TranslationGranule granule, bool ds, int input, int pa, TranslationFeatures features) =>
        Legal(granule, IsLarge(granule, ds, features), input, pa, features).Select(row => row.Level);

    public static bool IsLarge(TranslationGranule granule, bool ds, TranslationFeatures features) =>
        ds && granule.SizeLog2 != 16 && (features & TranslationFeatures.LPA2) != 0;

    /// <summary>Tells whether descriptors of a level may map: blocks of 1 GB and 2 MB, 32 MB, 512 MB, and with 52-bit addresses of 512 GB, 64 GB, 4 TB.</summary>
    public static bool MayMap(TranslationGranule granule, bool large, int pa, int level) => (granule.SizeLog2, level) switch
    {
        (_, 3) or (_, 2) or (12, 1) => true,
        (12, 0) or (14, 1) => large,
        (16, 1) => pa == 52,
        _ => false,
    };

    private static IEnumerable<(int Granule, int Sl, int Level, int Least, int Most, int Pa, bool Large, bool Small)> Legal(
        TranslationGranule granule, bool large, int input, int pa, TranslationFeatures features)
    {
        bool small = (features & TranslationFeatures.TTST) != 0;
        int least = !small ? 25 : granule.SizeLog2 == 16 ? 17 : 16;
        int most = large || granule.SizeLog2 == 16 ? 52 : 48;
        return s_rows.Where(row => row.Granule == granule.SizeLog2 && input >= least && input <= most && input <= pa
            && input >= row.Least && input <= row.Most && pa >= row.Pa && (large || !row.Large) && (small || !row.Small));
    }
}
