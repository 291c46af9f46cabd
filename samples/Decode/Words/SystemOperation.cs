using System;

namespace HvIntrospect.Samples.Decode.Words;

/// <summary>The system instructions that access memory, or that a Stage 2 fault may stop as if they did: DC by name, and the Guarded Control Stack.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "A64 System instructions for cache maintenance".</remarks>
internal readonly ref struct SystemOperation
{
    private const uint SysMask = 0xFFF8_0000;
    private const uint SysValue = 0xD508_0000;
    private const uint SysLoadValue = 0xD528_0000;
    private const int CacheRegister = 7;

    private SystemOperation(ReadOnlySpan<byte> name, ReadOnlySpan<byte> effect, bool isLater = false)
    {
        Name = name;
        Effect = effect;
        IsLater = isLater;
    }

    /// <summary>Gets the name of a DC operation; empty for anything else.</summary>
    public ReadOnlySpan<byte> Name { get; }

    /// <summary>Gets what a DC operation does: clean, inval, cleaninval, zero, tag, setway or pa.</summary>
    public ReadOnlySpan<byte> Effect { get; }

    /// <summary>Gets a value indicating whether the operation is newer than Armv9.4.</summary>
    public bool IsLater { get; }

    /// <summary>Gets how the word accesses memory: dc_write, cache_maint or gcs; empty when it does not, by set and way included.</summary>
    public ReadOnlySpan<byte> Memory { get; private init; }

    /// <summary>Gets a value indicating whether the operation zeroes data or sets tags: a store whose syndrome is never valid.</summary>
    public bool IsWrite => Memory.SequenceEqual("dc_write"u8);

    /// <summary>Finds out what a word is; the default value for a word that is none of them.</summary>
    public static SystemOperation Of(uint word)
    {
        uint kind = word & SysMask;
        if (kind is not (SysValue or SysLoadValue) || ((word >> 12) & 0xF) != CacheRegister)
        {
            return default;
        }

        uint op1 = (word >> 16) & 7;
        uint crm = (word >> 8) & 0xF;
        uint op2 = (word >> 5) & 7;
        if (crm == CacheRegister)
        {
            bool isStack = kind == SysLoadValue ? op1 == 3 && op2 is 1 or 3 : (op1 == 3 && op2 is 0 or 2) || (op1 == 0 && op2 is 4 or 5 or 6);
            return isStack ? new SystemOperation(default, default) { Memory = "gcs"u8 } : default;
        }

        if (kind == SysLoadValue)
        {
            return default;
        }

        SystemOperation operation = DataCache((op1 << 8) | (crm << 4) | op2);
        return operation with
        {
            Memory = operation.Name.IsEmpty || operation.Effect.SequenceEqual("setway"u8) ? default
                : op1 == 3 && crm == 4 ? "dc_write"u8
                : "cache_maint"u8,
        };
    }

    /// <summary>Names a DC operation by op1, CRm and op2.</summary>
    private static SystemOperation DataCache(uint key) => key switch
    {
        0x061 => new("ivac"u8, "inval"u8),
        0x062 => new("isw"u8, "setway"u8),
        0x063 => new("igvac"u8, "inval"u8),
        0x064 => new("igsw"u8, "setway"u8),
        0x065 => new("igdvac"u8, "inval"u8),
        0x066 => new("igdsw"u8, "setway"u8),
        0x0A2 => new("csw"u8, "setway"u8),
        0x0A4 => new("cgsw"u8, "setway"u8),
        0x0A6 => new("cgdsw"u8, "setway"u8),
        0x0E2 => new("cisw"u8, "setway"u8),
        0x0E4 => new("cigsw"u8, "setway"u8),
        0x0E6 => new("cigdsw"u8, "setway"u8),
        0x0F1 => new("civaps"u8, "cleaninval"u8, isLater: true),
        0x0F5 => new("cigdvaps"u8, "cleaninval"u8, isLater: true),
        0x341 => new("zva"u8, "zero"u8),
        0x343 => new("gva"u8, "tag"u8),
        0x344 => new("gzva"u8, "zero"u8),
        0x3A1 => new("cvac"u8, "clean"u8),
        0x3A3 => new("cgvac"u8, "clean"u8),
        0x3A5 => new("cgdvac"u8, "clean"u8),
        0x3B0 => new("cvaoc"u8, "clean"u8, isLater: true),
        0x3B1 => new("cvau"u8, "clean"u8),
        0x3B7 => new("cgdvaoc"u8, "clean"u8, isLater: true),
        0x3C1 => new("cvap"u8, "clean"u8),
        0x3C3 => new("cgvap"u8, "clean"u8),
        0x3C5 => new("cgdvap"u8, "clean"u8),
        0x3D1 => new("cvadp"u8, "clean"u8),
        0x3D3 => new("cgvadp"u8, "clean"u8),
        0x3D5 => new("cgdvadp"u8, "clean"u8),
        0x3E1 => new("civac"u8, "cleaninval"u8),
        0x3E3 => new("cigvac"u8, "cleaninval"u8),
        0x3E5 => new("cigdvac"u8, "cleaninval"u8),
        0x3F0 => new("civaoc"u8, "cleaninval"u8, isLater: true),
        0x3F7 => new("cigdvaoc"u8, "cleaninval"u8, isLater: true),
        0x4E0 => new("cipae"u8, "pa"u8),
        0x4E7 => new("cigdpae"u8, "pa"u8),
        0x6E1 => new("cipapa"u8, "pa"u8),
        0x6E5 => new("cigdpapa"u8, "pa"u8),
        _ => default,
    };
}
