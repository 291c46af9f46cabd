using HvIntrospect.A64;

namespace HvIntrospect.Samples.Decode.Words;

/// <summary>Says in words where an access is and what it moves.</summary>
internal static class AddressText
{
    /// <summary>Gets the address as a sum of registers, for example <c>x1 + 8</c>.</summary>
    public static string Of(in LoadStoreAccess access) => access.AddressingMode switch
    {
        AddressingMode.None => access.Kind == LoadStoreKind.LoadStore
            ? $"{General(access.Rs)} and {General(access.Rd)}, as many bytes as {General(access.Rn)} says"
            : $"{General(access.Rd)}, as many bytes as {General(access.Rn)} says",
        AddressingMode.Literal => "PC" + Offset(access.Immediate),
        AddressingMode.Offset or AddressingMode.Unscaled or AddressingMode.PreIndexed => Base(access.Rn) + Offset(access.Immediate),
        AddressingMode.RegisterOffset => $"{Base(access.Rn)} + {Index(access)}",
        _ => Base(access.Rn),
    };

    /// <summary>Gets what happens to the base register, for example <c>x1 becomes x1 + 8</c>; null when it is not written.</summary>
    public static string? Writeback(in LoadStoreAccess access)
    {
        string register = Base(access.Rn);
        return !access.HasWriteback || access.AddressingMode == AddressingMode.None ? null
            : access.AddressingMode == AddressingMode.PostIndexedByRegister ? $"{register} becomes {register} + {General(access.Rm)}"
            : access.AddressingMode == AddressingMode.PreIndexed && access.PointerAuthenticationKey != PointerAuthenticationKey.None ? $"{register} becomes the authenticated address"
            : $"{register} becomes {register}{Offset(access.Immediate)}";
    }

    /// <summary>Gets what moves, for example <c>writes 16 bytes</c>.</summary>
    public static string Effect(in LoadStoreAccess access)
    {
        string verb = access.Kind switch
        {
            LoadStoreKind.Load => "reads",
            LoadStoreKind.Store => "writes",
            LoadStoreKind.LoadStore => "reads and writes",
            _ => "prefetches",
        };
        return access.Kind == LoadStoreKind.Prefetch ? "a prefetch, which makes no access and never aborts"
            : access.TotalSize == 0 ? access.AccessesTags ? verb + " Allocation Tags" : verb + " memory"
            : access.TotalSize == access.ElementSize ? $"{verb} {Bytes(access.TotalSize)}"
            : $"{verb} {Bytes(access.TotalSize)} in elements of {access.ElementSize}";
    }

    /// <summary>Names a general-purpose register of 64 bits where 31 is zero.</summary>
    public static string General(int number) => number == 31 ? "xzr" : "x" + number;

    /// <summary>Names a base register.</summary>
    public static string Base(int number) => number == 31 ? "sp" : "x" + number;

    private static string Bytes(int count) => count == 1 ? "1 byte" : $"{count} bytes";

    private static string Offset(int offset) => offset == 0 ? string.Empty : offset < 0 ? $" - {-offset}" : $" + {offset}";

    private static string Index(in LoadStoreAccess access)
    {
        string register = General(access.Rm);
        string extended = access.Extension switch
        {
            IndexExtension.Uxtw => $"zero-extended w{register[1..]}",
            IndexExtension.Sxtw => $"sign-extended w{register[1..]}",
            _ => register,
        };
        return access.ShiftAmount == 0 ? extended : $"{extended} * {1 << access.ShiftAmount}";
    }
}
