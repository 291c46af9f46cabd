using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using HvIntrospect.Tests.Support;
using HvIntrospect.Tooling.Loading;
using HvIntrospect.Tooling.Symbols;
using Xunit;

namespace HvIntrospect.Tests.Loading;

/// <summary>A reader that shares no code, binutils' readelf, sees the same segments and symbols.</summary>
public sealed partial class ElfAgainstReadelfTests
{
    private const string Readelf = "aarch64-linux-gnu-readelf";
    private const string Compiler = "aarch64-linux-gnu-gcc";

    [ToolFact(Readelf)]
    public void TheGuestsOfTheRepositoryAreSeenAlike()
    {
        foreach (string path in ElfImages.AllPaths())
        {
            AssertAlike(path);
        }
    }

    [ToolFact(Readelf, Compiler)]
    public void ALargeStaticProgramIsSeenAlike()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.PathOf("a.c"), "#include <stdio.h>\nint main(void) { return printf(\"%f\", 1.0); }");
        ExternalTool.Run(Compiler, "-static", "-o", folder.PathOf("a.elf"), folder.PathOf("a.c"));
        AssertAlike(folder.PathOf("a.elf"));
    }

    private static void AssertAlike(string path)
    {
        ElfFile elf = ElfFile.Read(File.ReadAllBytes(path));
        string[] lines = ExternalTool.Run(Readelf, "-W", "-l", "-s", path).Split('\n');

        Assert.Contains($"Entry point 0x{elf.EntryPoint.Value:x}", lines);
        Assert.Equal(lines.Select(SegmentOf).Where(segment => segment is not null), elf.Segments.Select(Text));

        // Sections have no name of their own, and the program's symbols follow those that it shares.
        IEnumerable<string> expected = lines.SkipWhile(line => !line.StartsWith("Symbol table '.symtab'", StringComparison.Ordinal))
            .Select(SymbolOf).Where(symbol => symbol is not null).Select(symbol => symbol!);
        List<string> actual = [.. elf.Symbols.Where(symbol => symbol.Name.Length != 0).Select(Text)];
        Assert.NotEmpty(actual);
        Assert.Equal(expected, actual);
    }

    private static string? SegmentOf(string line)
    {
        Match match = LoadLine().Match(line);
        return match.Success
            ? string.Join(' ', new[] { 1, 2, 3, 4 }.Select(group => Hex(match.Groups[group].Value)).Append(match.Groups[5].Value.Replace(" ", string.Empty, StringComparison.Ordinal)))
            : null;
    }

    private static string Text(ElfSegment segment)
    {
        string access = (segment.Access.HasFlag(ElfSegmentAccess.Read) ? "R" : string.Empty)
            + (segment.Access.HasFlag(ElfSegmentAccess.Write) ? "W" : string.Empty)
            + (segment.Access.HasFlag(ElfSegmentAccess.Execute) ? "E" : string.Empty);
        return $"{segment.VirtualAddress.Value:x} {segment.PhysicalAddress.Value:x} {segment.Data.Length:x} {segment.MemorySize:x} {access}";
    }

    private static string? SymbolOf(string line)
    {
        Match match = SymbolLine().Match(line);
        if (!match.Success || match.Groups["index"].Value == "UND" || match.Groups["type"].Value == "SECTION")
        {
            return null;
        }

        string size = match.Groups["size"].Value;
        ulong bytes = size.StartsWith("0x", StringComparison.Ordinal)
            ? ulong.Parse(size.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture)
            : ulong.Parse(size, CultureInfo.InvariantCulture);
        SymbolKind kind = match.Groups["type"].Value switch
        {
            "NOTYPE" => SymbolKind.NoType,
            "OBJECT" => SymbolKind.Object,
            "FUNC" or "IFUNC" => SymbolKind.Function,
            _ => SymbolKind.Other,
        };
        SymbolBinding binding = match.Groups["binding"].Value switch
        {
            "LOCAL" => SymbolBinding.Local,
            "WEAK" => SymbolBinding.Weak,
            _ => SymbolBinding.Global,
        };
        bool isAbsolute = match.Groups["index"].Value == "ABS";
        return $"{Hex(match.Groups["value"].Value)} {bytes} {kind} {binding} {isAbsolute} {match.Groups["name"].Value}";
    }

    private static string Text(Symbol symbol) =>
        $"{symbol.Address.Value:x} {symbol.Size} {symbol.Kind} {symbol.Binding} {symbol.IsAbsolute} {symbol.Name}";

    private static string Hex(string digits) =>
        ulong.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture).ToString("x", CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^  LOAD +0x[0-9a-f]+ 0x([0-9a-f]+) 0x([0-9a-f]+) 0x([0-9a-f]+) 0x([0-9a-f]+) ([RWE ]{3}) 0x")]
    private static partial Regex LoadLine();

    [GeneratedRegex(@"^ *[0-9]+: (?<value>[0-9a-f]+) +(?<size>[0-9a-fx]+) (?<type>\w+) +(?<binding>\w+) +\w+ .*? +(?<index>UND|ABS|COM|[0-9]+) (?<name>.+)$")]
    private static partial Regex SymbolLine();
}
