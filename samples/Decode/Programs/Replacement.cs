using System;
using System.Collections.Generic;
using HvIntrospect.A64;
using HvIntrospect.Samples.Decode.Words;

namespace HvIntrospect.Samples.Decode.Programs;

/// <summary>What a program can do instead of an instruction that aborts without a syndrome: plain loads and stores of one general-purpose register.</summary>
/// <remarks>
/// The scratch registers are ones that the instruction does not use, first of all x16 and x17, which calls may change anyway; whoever writes the
/// code takes free ones. What is lost is named in the advice: atomicity of a pair, the non-temporal hint.
/// </remarks>
internal sealed class Replacement
{
    private const int NoRegister = 31;

    // Which of the scratch registers holds data.
    private const int Data = 0;

    private static readonly int[] s_scratch = [16, 17, 15, 14, 13, 12];

    private readonly List<string> _lines = [];
    private readonly LoadStoreAccess _access;
    private readonly int[] _free;

    private Replacement(in LoadStoreAccess access, string? advice)
    {
        _access = access;
        Advice = advice;
        _free = Array.FindAll(s_scratch, number => !IsUsed(number));
    }

    /// <summary>Gets the instructions; empty when there is no such replacement.</summary>
    public IReadOnlyList<string> Assembly => _lines;

    /// <summary>Gets what to do where no instructions can be given, or null.</summary>
    public string? Advice { get; }

    // Which of the scratch registers holds an address; data of general-purpose registers needs none.
    private int Sum => _access.IsVector ? Data + 1 : Data;

    private bool IsLoad => _access.Kind == LoadStoreKind.Load;

    /// <summary>Finds the replacement of a load or store.</summary>
    /// <param name="access">The instruction.</param>
    /// <param name="text">Its text.</param>
    /// <param name="reason">Why it aborts without a syndrome.</param>
    public static Replacement Of(in LoadStoreAccess access, string text, Silence reason)
    {
        if (access.Unpredictable != ConstrainedUnpredictable.None)
        {
            return new Replacement(access, "its effect is CONSTRAINED UNPREDICTABLE: give it registers of their own");
        }

        if (IsBeyondInstructions(access))
        {
            return new Replacement(access, AdviceFor(reason));
        }

        var replacement = new Replacement(access, null);
        replacement.Write(text);
        return replacement;
    }

    /// <summary>Finds the replacement of an instruction that is no load or store.</summary>
    public static Replacement OfOther(Silence reason) => new(default, AdviceFor(reason));

    /// <summary>Tests for what no sequence of plain loads and stores does, or none that is worth writing down.</summary>
    private static bool IsBeyondInstructions(in LoadStoreAccess access) =>
        access.RegisterCount is not (1 or 2) || access.StructureElements != 0 || access.AccessesTags || access.IsExclusive || access.IsGuardedControlStack
        || access.Kind == LoadStoreKind.LoadStore
        || (access.IsUnprivileged && access.RegisterCount == 2)
        || access.Class == LoadStoreClass.OrderedPair
        || (access.PointerAuthenticationKey != PointerAuthenticationKey.None && access.Rn == NoRegister)
        || (access.Class == LoadStoreClass.RcpcUnscaledImmediateSimd && access.ElementSize == 16);

    private static string AdviceFor(Silence reason) => reason.Key switch
    {
        "exclusive" or "atomic" => "take a lock in ordinary memory and use a plain load and store",
        "mops" => "a loop of plain loads and stores",
        "structure" => "a plain load or store for each element, with ins or umov",
        "simd" => "plain loads and stores, with fmov or umov",
        "dc" => "a loop of str xzr",
        "tags" => "ordinary tagged memory only: no plain store sets tags",
        "gcs" => "ordinary memory only",
        _ => "plain loads and stores of general-purpose registers",
    };

    private static string Width(int number, int bits) => (bits == 64 ? "x" : "w") + (number == NoRegister ? "zr" : number);

    private bool IsUsed(int number) =>
        number == _access.Rn || (!_access.IsVector && (number == _access.Rt || number == _access.Rt2)) || number == _access.Rm || number == _access.Rs;

    private string Scratch(int which, int bits) => Width(_free[which], bits);

    private void Write(string text)
    {
        // The base is changed first where the address is the new one: then no offset is out of range.
        if (_access.AddressingMode == AddressingMode.PreIndexed)
        {
            WriteBase();
        }

        switch (_access.AddressingMode)
        {
            case AddressingMode.Literal:
                _lines.Add($"adr {Scratch(Sum, 64)}, #{_access.Immediate}");
                WriteRegisters(Scratch(Sum, 64), 0);
                break;
            case AddressingMode.RegisterOffset when _access.ElementSize == 16:
                string index = text[(text.IndexOf('[', StringComparison.Ordinal) + 1)..text.IndexOf(']', StringComparison.Ordinal)];
                _lines.Add($"add {Scratch(Sum, 64)}, {IndexedSum(index)}");
                WriteRegisters(Scratch(Sum, 64), 0);
                break;
            case AddressingMode.RegisterOffset:
                WriteRegister(_access.Rt, text[text.IndexOf('[', StringComparison.Ordinal)..], ordered: false, unscaled: false);
                break;
            default:
                bool isBase = _access.HasWriteback;
                WriteRegisters(AddressText.Base(_access.Rn), isBase ? 0 : _access.Immediate);
                break;
        }

        if (_access.HasWriteback && _access.AddressingMode != AddressingMode.PreIndexed)
        {
            WriteBase();
        }
    }

    /// <summary>The sum of a register offset as an add writes it: a stack pointer and a 64-bit index need the extended form.</summary>
    private string IndexedSum(string index)
    {
        string[] parts = index.Split(", ");
        string extension = parts.Length > 2 ? parts[2].Replace("lsl", "uxtx", StringComparison.Ordinal) : "uxtx";
        return $"{parts[0]}, {parts[1]}, {extension}";
    }

    private void WriteBase()
    {
        string register = AddressText.Base(_access.Rn);
        if (_access.PointerAuthenticationKey != PointerAuthenticationKey.None)
        {
            _lines.Add($"{(_access.PointerAuthenticationKey == PointerAuthenticationKey.DataA ? "autdza" : "autdzb")} {register}");
        }

        if (_access.AddressingMode == AddressingMode.PostIndexedByRegister)
        {
            _lines.Add($"add {register}, {register}, {AddressText.General(_access.Rm)}");
        }
        else if (_access.Immediate != 0)
        {
            WriteAdd(register, register, _access.Immediate);
        }
    }

    /// <summary>Writes the sum of a register and a distance below 2^24, in the two parts that an immediate can have.</summary>
    private void WriteAdd(string destination, string source, int distance)
    {
        const int Part = 4096;
        string operation = distance < 0 ? "sub" : "add";
        int rest = Math.Abs(distance);
        if (rest >= Part)
        {
            _lines.Add($"{operation} {destination}, {source}, #{rest / Part}, lsl #12");
            source = destination;
            rest %= Part;
        }

        if (rest != 0)
        {
            _lines.Add($"{operation} {destination}, {source}, #{rest}");
        }
    }

    /// <summary>Writes one access for each register, and two for one of 128 bits.</summary>
    private void WriteRegisters(string register, int offset)
    {
        int size = _access.ElementSize;
        int parts = Math.Max(1, size / 8);
        int last = offset + ((_access.RegisterCount * parts) - 1) * Math.Min(size, 8);
        if (!IsEncodable(offset, Math.Min(size, 8)) || !IsEncodable(last, Math.Min(size, 8)))
        {
            string address = Scratch(Sum, 64);
            WriteAdd(address, register, offset);
            register = address;
            offset = 0;
        }

        // A load that overwrites the base comes last.
        bool isReversed = _access.RegisterCount == 2 && IsLoad && !_access.IsVector && _access.Rt == _access.Rn && _access.Rt != NoRegister && !_access.HasWriteback;
        for (int i = 0; i < _access.RegisterCount; i++)
        {
            int which = isReversed ? 1 - i : i;
            WriteRegister(which == 0 ? _access.Rt : _access.Rt2, register, offset + (which * size));
        }
    }

    private static bool IsEncodable(int offset, int size) => offset is >= -256 and < 256 || (offset >= 0 && offset < 4096 * size && offset % size == 0);

    private void WriteRegister(int number, string register, int offset)
    {
        bool isUnscaled = offset < 0 || offset % Math.Min(_access.ElementSize, 8) != 0;
        WriteRegister(number, Address(register, offset), _access.IsAcquire || _access.IsAcquirePc || _access.IsRelease, isUnscaled);
        if (_access.ElementSize != 16)
        {
            return;
        }

        string upper = Scratch(Data, 64);
        int next = offset + 8;
        bool isNextUnscaled = next < 0 || next % 8 != 0;
        WriteUpper(number, upper, Address(register, next), isNextUnscaled);
    }

    private void WriteUpper(int number, string scratch, string address, bool isUnscaled)
    {
        if (IsLoad)
        {
            _lines.Add($"{(isUnscaled ? "ldur" : "ldr")} {scratch}, {address}");
            _lines.Add($"mov v{number}.d[1], {scratch}");
        }
        else
        {
            _lines.Add($"mov {scratch}, v{number}.d[1]");
            _lines.Add($"{(isUnscaled ? "stur" : "str")} {scratch}, {address}");
        }
    }

    private static string Address(string register, int offset) => offset == 0 ? $"[{register}]" : $"[{register}, #{offset}]";

    private void WriteRegister(int number, string address, bool ordered, bool unscaled)
    {
        int size = _access.ElementSize;
        bool hasOffset = address.Contains('#', StringComparison.Ordinal);
        string form = ordered ? IsLoad ? hasOffset ? "ldapur" : "ldar" : hasOffset ? "stlur" : "stlr"
            : IsLoad ? unscaled ? "ldur" : "ldr"
            : unscaled ? "stur" : "str";
        if (!_access.IsVector)
        {
            _lines.Add($"{form}{Suffix(size, _access.SignExtends)} {Width(number, _access.RegisterBits)}, {address}");
            return;
        }

        string general = Scratch(Data, size >= 8 ? 64 : 32);
        string simd = size switch { 1 => "b", 2 => "h", 4 => "s", _ => "d" } + number;
        string whole = size >= 8 ? "d" + number : "s" + number;
        if (IsLoad)
        {
            _lines.Add($"{form}{Suffix(size, false)} {general}, {address}");
            _lines.Add($"fmov {whole}, {general}");
        }
        else
        {
            _lines.Add(size >= 4 ? $"fmov {general}, {simd}" : $"umov {general}, v{number}.{simd[0]}[0]");
            _lines.Add($"{form}{Suffix(size, false)} {general}, {address}");
        }
    }

    private string Suffix(int size, bool isSigned) => (isSigned ? "s" : string.Empty) + (size switch
    {
        1 => "b",
        2 => "h",
        4 when isSigned => "w",
        _ => string.Empty,
    });
}
