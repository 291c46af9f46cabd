using System.Runtime.InteropServices;

namespace HvIntrospect.Peers;

/// <summary>The C interface of Capstone 4 as far as it is used.</summary>
internal static unsafe partial class CapstoneNative
{
    public const string Library = "libcapstone.so.4";
    public const int ArchitectureArm64 = 1;
    public const int ModeLittleEndian = 0;
    public const int OptionDetail = 2;
    public const nuint On = 3;

    // cs_insn of Capstone 4: the texts stand at these offsets and are NUL-terminated.
    public const int MnemonicOffset = 34;
    public const int OperandsOffset = 66;

    [LibraryImport(Library, EntryPoint = "cs_version")]
    public static partial uint Version(out int major, out int minor);

    [LibraryImport(Library, EntryPoint = "cs_open")]
    public static partial int Open(int architecture, int mode, out nuint handle);

    [LibraryImport(Library, EntryPoint = "cs_close")]
    public static partial int Close(ref nuint handle);

    [LibraryImport(Library, EntryPoint = "cs_option")]
    public static partial int SetOption(nuint handle, int option, nuint value);

    [LibraryImport(Library, EntryPoint = "cs_malloc")]
    public static partial byte* Allocate(nuint handle);

    [LibraryImport(Library, EntryPoint = "cs_free")]
    public static partial void Free(byte* instruction, nuint count);

    [LibraryImport(Library, EntryPoint = "cs_disasm_iter")]
    public static partial byte DecodeNext(nuint handle, ref byte* code, ref nuint size, ref ulong address, byte* instruction);
}
