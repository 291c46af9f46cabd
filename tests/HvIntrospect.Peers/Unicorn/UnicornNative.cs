using System.Runtime.InteropServices;

namespace HvIntrospect.Peers;

/// <summary>The C interface of Unicorn 2 as far as it is used.</summary>
internal static unsafe partial class UnicornNative
{
    public const string Library = "libunicorn.so.2";
    public const int ArchitectureArm64 = 2;
    public const int ModeLittleEndian = 0;
    public const int HookInterrupt = 1 << 0;
    public const int HookInvalidMemory = 0x3f << 4;
    public const int HookRead = 1 << 10;
    public const int HookWrite = 1 << 11;

    // UC_CTL_TB_REMOVE_CACHE as a write of two arguments.
    public const uint ControlRemoveCache = 9 | (2u << 26) | (1u << 30);

    // UC_CTL_CPU_MODEL as a write of one argument.
    public const uint ControlModel = 7 | (1u << 26) | (1u << 30);

    // Register numbers of unicorn/arm64.h.
    public const int X29 = 1;
    public const int X30 = 2;
    public const int StackPointer = 4;
    public const int Q0 = 104;
    public const int X0 = 199;
    public const int ProgramCounter = 260;
    public const int Pstate = 265;
    public const int SystemRegister = 290;

    [LibraryImport(Library, EntryPoint = "uc_version")]
    public static partial uint Version(out uint major, out uint minor);

    [LibraryImport(Library, EntryPoint = "uc_open")]
    public static partial UnicornError Open(int architecture, int mode, out nint engine);

    [LibraryImport(Library, EntryPoint = "uc_close")]
    public static partial UnicornError Close(nint engine);

    [LibraryImport(Library, EntryPoint = "uc_mem_map")]
    public static partial UnicornError Map(nint engine, ulong address, nuint size, UnicornProtection protection);

    [LibraryImport(Library, EntryPoint = "uc_mem_unmap")]
    public static partial UnicornError Unmap(nint engine, ulong address, nuint size);

    [LibraryImport(Library, EntryPoint = "uc_mem_protect")]
    public static partial UnicornError Protect(nint engine, ulong address, nuint size, UnicornProtection protection);

    [LibraryImport(Library, EntryPoint = "uc_mem_read")]
    public static partial UnicornError Read(nint engine, ulong address, byte* bytes, nuint size);

    [LibraryImport(Library, EntryPoint = "uc_mem_write")]
    public static partial UnicornError Write(nint engine, ulong address, byte* bytes, nuint size);

    [LibraryImport(Library, EntryPoint = "uc_reg_read")]
    public static partial UnicornError ReadRegister(nint engine, int register, void* value);

    [LibraryImport(Library, EntryPoint = "uc_reg_write")]
    public static partial UnicornError WriteRegister(nint engine, int register, void* value);

    [LibraryImport(Library, EntryPoint = "uc_reg_read_batch")]
    public static partial UnicornError ReadRegisters(nint engine, int* registers, void** values, int count);

    [LibraryImport(Library, EntryPoint = "uc_reg_write_batch")]
    public static partial UnicornError WriteRegisters(nint engine, int* registers, void** values, int count);

    [LibraryImport(Library, EntryPoint = "uc_emu_start")]
    public static partial UnicornError Start(nint engine, ulong begin, ulong until, ulong timeout, nuint count);

    [LibraryImport(Library, EntryPoint = "uc_emu_stop")]
    public static partial UnicornError Stop(nint engine);

    // Both are variadic in C; a 64-bit Linux passes these arguments as it passes named ones.
    [LibraryImport(Library, EntryPoint = "uc_ctl")]
    public static partial UnicornError Control(nint engine, uint control, ulong first, ulong second);

    [LibraryImport(Library, EntryPoint = "uc_hook_add")]
    public static partial UnicornError AddHook(nint engine, out nuint hook, int type, void* callback, void* user, ulong begin, ulong end);

    [LibraryImport(Library, EntryPoint = "uc_hook_del")]
    public static partial UnicornError RemoveHook(nint engine, nuint hook);
}
