using System;
using System.Runtime.InteropServices;

namespace HvIntrospect.Peers;

/// <summary>Capstone's A64 decoder with operand details on, which is what compares with a decoded operand record.</summary>
public sealed unsafe class CapstoneDecoder : IDisposable
{
    private nuint _handle;
    private byte* _instruction;

    /// <summary>Opens a decoder.</summary>
    /// <exception cref="InvalidOperationException">The library is absent or refuses.</exception>
    public CapstoneDecoder()
    {
        if (!Peer.Capstone.IsAvailable)
        {
            throw new InvalidOperationException(Peer.Capstone.AbsenceReason);
        }

        int error = CapstoneNative.Open(CapstoneNative.ArchitectureArm64, CapstoneNative.ModeLittleEndian, out _handle);
        if (error == 0)
        {
            error = CapstoneNative.SetOption(_handle, CapstoneNative.OptionDetail, CapstoneNative.On);
        }

        if (error != 0)
        {
            throw new InvalidOperationException($"Capstone refuses to open an A64 decoder: error {error}.");
        }

        _instruction = CapstoneNative.Allocate(_handle);
    }

    /// <summary>Gets the library's version.</summary>
    public static string Version
    {
        get
        {
            _ = CapstoneNative.Version(out int major, out int minor);
            return $"{major}.{minor}";
        }
    }

    /// <summary>Decodes words one by one.</summary>
    /// <param name="words">The words.</param>
    /// <returns>How many of them it knows.</returns>
    public int CountDecoded(ReadOnlySpan<uint> words)
    {
        int known = 0;
        fixed (uint* first = words)
        {
            byte* code = (byte*)first;
            byte* end = code + (words.Length * sizeof(uint));
            while (code < end)
            {
                byte* next = code;
                nuint size = sizeof(uint);
                ulong address = 0;
                known += CapstoneNative.DecodeNext(_handle, ref next, ref size, ref address, _instruction);
                code += sizeof(uint);
            }
        }

        return known;
    }

    /// <summary>Decodes one word to text.</summary>
    /// <param name="word">The word.</param>
    /// <returns>Mnemonic and operands, or null when Capstone does not know the word.</returns>
    public string? Disassemble(uint word) => CountDecoded([word]) == 0
        ? null
        : (Text(CapstoneNative.MnemonicOffset) + " " + Text(CapstoneNative.OperandsOffset)).Trim();

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_instruction is not null)
        {
            CapstoneNative.Free(_instruction, 1);
            _instruction = null;
            _ = CapstoneNative.Close(ref _handle);
        }
    }

    private string Text(int offset) => Marshal.PtrToStringUTF8((nint)(_instruction + offset)) ?? string.Empty;
}
