using System;
using System.IO;
using System.Linq;
using HvIntrospect.Samples.Shared;
using HvIntrospect.Tooling.Loading;
using HvIntrospect.Tooling.Symbols;

namespace HvIntrospect.Samples.WatchIpa;

/// <summary>The program that the guest runs.</summary>
internal sealed class GuestImage
{
    private const string InnerGuest = "default.elf";

    private GuestImage(string name, ElfFile elf, IpaRange ram)
    {
        Name = name;
        Elf = elf;
        Ram = ram;
        Symbols = elf.CreateSymbolTable();
        if (!elf.FitsIn(ram, out ElfError error))
        {
            throw new BadInputException($"{name}: {error.Message}");
        }

        if (!elf.TryTranslate(elf.EntryPoint, out Ipa entry))
        {
            throw new BadInputException($"{name}: the entry point {elf.EntryPoint} lies in no segment");
        }

        if (entry.OffsetIn(4) != 0)
        {
            throw new BadInputException($"{name}: the entry point {elf.EntryPoint} is not a multiple of 4");
        }

        Entry = entry;
    }

    /// <summary>Gets the file's name for messages.</summary>
    public string Name { get; }

    /// <summary>Gets the program.</summary>
    public ElfFile Elf { get; }

    /// <summary>Gets the guest's memory, in which the program fits.</summary>
    public IpaRange Ram { get; }

    /// <summary>Gets the program's symbols.</summary>
    public SymbolTable Symbols { get; }

    /// <summary>Gets the first instruction, at which the guest starts with the MMU off.</summary>
    public Ipa Entry { get; }

    /// <summary>Opens a file, or the guest inside the program.</summary>
    /// <param name="path">The file, or null.</param>
    /// <param name="ram">The guest's memory.</param>
    /// <returns>The guest.</returns>
    /// <exception cref="BadInputException">The file cannot be read or is no program for the platform.</exception>
    public static GuestImage Open(string? path, IpaRange ram) => path is null ? Parse(InnerGuest, ReadInner(), ram) : Parse(path, InputFile.Read(path), ram);

    /// <summary>Writes the program into memory.</summary>
    /// <param name="memory">The guest's memory.</param>
    public void Load(IGuestMemory memory) => Elf.Load(memory, Ram);

    /// <summary>Finds the bytes that a request means.</summary>
    /// <param name="request">The request.</param>
    /// <returns>The bytes to watch.</returns>
    /// <exception cref="BadInputException">The symbol is unknown or ambiguous, or the bytes are neither in memory nor in the UART.</exception>
    public WatchTarget Resolve(WatchRequest request)
    {
        Ipa start = request.Address;
        ulong length = request.Length ?? WatchRequest.DefaultLength;
        if (request.Symbol is string name)
        {
            Symbol symbol = FindSymbol(request, name);
            if (!Elf.TryTranslate(symbol.Address, out start) && !TryTranslateOutside(symbol.Address, out start))
            {
                throw new BadInputException($"--watch {request.Text}: symbol '{name}' at {symbol.Address} lies in no segment of {Name}");
            }

            length = request.Length ?? (symbol.Size != 0 ? symbol.Size : WatchRequest.DefaultLength);
        }

        return Ram.Contains(start, length) || Platform.Uart.Contains(start, length)
            ? new WatchTarget(request.Text, new IpaRange(start, length), request.Accesses)
            : throw new BadInputException(
                $"--watch {request.Text}: 0x{length:x} bytes from {start} are not all in guest memory ({Ram.Start} to {Ram.Last}) or in the UART "
                + $"({Platform.Uart.Start} to {Platform.Uart.Last})");
    }

    private static GuestImage Parse(string name, byte[] file, IpaRange ram) => ElfFile.TryRead(file, out ElfFile? elf, out ElfError error)
        ? new GuestImage(name, elf, ram)
        : throw new BadInputException($"{name}: {error.Message}");

    private static byte[] ReadInner()
    {
        using Stream stream = typeof(GuestImage).Assembly.GetManifestResourceStream(InnerGuest)!;
        byte[] file = new byte[stream.Length];
        stream.ReadExactly(file);
        return file;
    }

    /// <summary>Linker scripts name places that no segment holds, such as a heap. They are known where the program is linked to where it is loaded.</summary>
    private bool TryTranslateOutside(Va address, out Ipa physical)
    {
        physical = new Ipa(address.Value);
        return Elf.Segments.All(segment => segment.VirtualAddress.Value == segment.PhysicalAddress.Value);
    }

    private Symbol FindSymbol(WatchRequest request, string name)
    {
        ReadOnlySpan<Symbol> all = Symbols.FindAll(name);
        if (all.IsEmpty)
        {
            throw new BadInputException($"--watch {request.Text}: {Name} has no symbol '{name}'");
        }

        // A global symbol is the one that its name means; among local ones of several files nothing decides.
        if (all.Length > 1 && all[0].Binding == SymbolBinding.Local && all[^1].Address != all[0].Address)
        {
            throw new BadInputException($"--watch {request.Text}: {Name} has several symbols '{name}', from {all[0].Address} to {all[^1].Address}; give an address");
        }

        return all[0];
    }
}
