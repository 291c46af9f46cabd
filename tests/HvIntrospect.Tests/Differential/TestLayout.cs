using HvIntrospect.Registers;

namespace HvIntrospect.Tests.Differential;

/// <summary>Where code and data of a test case lie; virtual addresses equal intermediate physical ones.</summary>
internal static class TestLayout
{
    public const ulong PageSize = 0x1000;

    /// <summary>The bytes of the longest access: four SIMD&amp;FP registers.</summary>
    public const ulong LongestAccess = 64;

    /// <summary>The first instruction slot.</summary>
    public const ulong Code = 0x4001_0000;

    public const ulong CodeSize = 0x8000;

    /// <summary>The first byte of the data window; nothing is mapped just below it.</summary>
    public const ulong Data = 0x4002_0000;

    /// <summary>Three pages; nothing is mapped just above them.</summary>
    public const ulong DataSize = 3 * PageSize;

    public const ulong DataEnd = Data + DataSize;

    /// <summary>Gets the tag of a granule where memory has tags: mostly 0, as untagged addresses have.</summary>
    /// <param name="address">An address in the granule.</param>
    /// <returns>0 to 15.</returns>
    public static int TagOf(ulong address)
    {
        ulong hash = (address >> 4) * 0x9E37_79B9_7F4A_7C15;
        return hash >> 61 == 0 ? (int)(hash >> 57) & 15 : 0;
    }

    /// <summary>The page in the middle, which a hypervisor denies in the leg that traps.</summary>
    public const ulong DeniedPage = Data + PageSize;

    /// <summary>Gets what read-check-writes depend on: Protection is enabled, and the masks allow about half of all changes.</summary>
    public static (SystemRegister Register, ulong Value)[] ReadCheckWrites { get; } =
    [
        (SystemRegister.HcrxEl2, (ulong)HcrxBits.Tcr2En),
        (SystemRegister.Tcr2El1, (ulong)Tcr2Bits.PnCh),
        (SystemRegister.RcwmaskEl1, 0xA4A8_0000_0002_A5A6),
        (SystemRegister.RcwsmaskEl1, 0x5A58_0000_0001_9696),
    ];
}
