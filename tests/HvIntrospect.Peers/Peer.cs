using System;
using System.Runtime.InteropServices;

[assembly: DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]

namespace HvIntrospect.Peers;

/// <summary>One native library that results are compared with, which a machine may lack.</summary>
public sealed class Peer
{
    private readonly string _library;
    private readonly string _package;
    private readonly Lazy<bool> _isAvailable;

    private Peer(string name, string library, string package)
    {
        Name = name;
        _library = library;
        _package = package;
        _isAvailable = new Lazy<bool>(() => NativeLibrary.TryLoad(_library, typeof(Peer).Assembly, null, out _));
    }

    /// <summary>Gets the disassembler Capstone.</summary>
    public static Peer Capstone { get; } = new("Capstone", CapstoneNative.Library, "libcapstone4");

    /// <summary>Gets the emulator Unicorn.</summary>
    public static Peer Unicorn { get; } = new("Unicorn", UnicornNative.Library, "libunicorn2");

    /// <summary>Gets the peer's own name.</summary>
    public string Name { get; }

    /// <summary>Gets a value indicating whether the library can be loaded here.</summary>
    public bool IsAvailable => _isAvailable.Value;

    /// <summary>Gets what to say when it is absent: the file and the Debian package that has it.</summary>
    public string AbsenceReason => $"{_library} is absent (Debian package {_package})";
}
