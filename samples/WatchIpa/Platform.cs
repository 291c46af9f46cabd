namespace HvIntrospect.Samples.WatchIpa;

/// <summary>The board that a guest finds: RAM, one UART, and PSCI over HVC to end.</summary>
internal static class Platform
{
    /// <summary>The size of memory when nobody asks for another, in bytes.</summary>
    public const ulong DefaultMemorySize = 64UL << 20;

    /// <summary>The smallest size of memory, in bytes; sizes are multiples of it.</summary>
    public const ulong PageSize = 4UL << 10;

    /// <summary>The largest size of memory, in bytes.</summary>
    public const ulong MaximumMemorySize = 1UL << 30;

    /// <summary>The bytes of address space that the UART takes.</summary>
    public const ulong UartSize = 0x1000;

    /// <summary>PSCI SYSTEM_OFF in X0 of an HVC; the exit status is in X1.</summary>
    public const uint SystemOff = 0x8400_0008;

    /// <summary>Gets the first byte of memory.</summary>
    public static Ipa RamBase => new(0x4000_0000);

    /// <summary>Gets the first register of the PL011 UART.</summary>
    public static Ipa UartBase => new(0x0900_0000);
}
