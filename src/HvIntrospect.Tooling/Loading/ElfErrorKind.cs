namespace HvIntrospect.Tooling.Loading;

/// <summary>What is wrong with an ELF file, or with loading it.</summary>
public enum ElfErrorKind
{
    /// <summary>Nothing is wrong.</summary>
    None,

    /// <summary>The file does not begin with the ELF magic number.</summary>
    NotElf,

    /// <summary>The file ends before something that its headers promise.</summary>
    Truncated,

    /// <summary>The file is of the 32-bit class.</summary>
    Not64Bit,

    /// <summary>The file is big-endian.</summary>
    BigEndian,

    /// <summary>The file is for a machine other than AArch64.</summary>
    WrongMachine,

    /// <summary>The file is not an executable: a relocatable object, a core dump.</summary>
    NotExecutable,

    /// <summary>A header has a value that no ELF file may have.</summary>
    Corrupt,

    /// <summary>A segment or a symbol passes the end of the 64-bit address space.</summary>
    AddressOverflow,

    /// <summary>No segment is to be loaded.</summary>
    NoLoadableSegment,

    /// <summary>Two segments claim the same physical memory.</summary>
    OverlappingSegments,

    /// <summary>The file has more of something than <see cref="ElfFile"/> accepts.</summary>
    LimitExceeded,

    /// <summary>A segment leaves the memory that it is to be loaded to.</summary>
    OutsideMemory,
}
