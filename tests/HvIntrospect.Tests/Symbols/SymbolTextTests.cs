using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using HvIntrospect.Tests.Support;
using HvIntrospect.Tooling.Loading;
using HvIntrospect.Tooling.Symbols;
using Xunit;

namespace HvIntrospect.Tests.Symbols;

public sealed class SymbolTextTests
{
    private const string Elf = "tests/guests/tasks/tasks.elf";
    private const string Nm = "aarch64-linux-gnu-nm";

    [Theory]
    [InlineData("ffff800080010000 T _stext", "_stext", 0xffff800080010000, SymbolKind.Function, SymbolBinding.Global, false)]
    [InlineData("ffff800080010000 t helper\t[module]", "helper", 0xffff800080010000, SymbolKind.Function, SymbolBinding.Local, false)]
    [InlineData("FFFF W arch_weak \r", "arch_weak", 0xffff, SymbolKind.Function, SymbolBinding.Weak, false)]
    [InlineData("1000 D jiffies", "jiffies", 0x1000, SymbolKind.Object, SymbolBinding.Global, false)]
    [InlineData("1000 b state", "state", 0x1000, SymbolKind.Object, SymbolBinding.Local, false)]
    [InlineData("1000 V object", "object", 0x1000, SymbolKind.Object, SymbolBinding.Weak, false)]
    [InlineData("1000 A constant", "constant", 0x1000, SymbolKind.NoType, SymbolBinding.Global, true)]
    [InlineData("1000 ? odd", "odd", 0x1000, SymbolKind.NoType, SymbolBinding.Local, false)]
    public void ALineIsASymbol(string line, string name, ulong address, SymbolKind kind, SymbolBinding binding, bool isAbsolute) =>
        Assert.Equal(new Symbol(name, new Va(address), 0, kind, binding, isAbsolute), Assert.Single(Read(line)));

    [Fact]
    public void BlankLinesAndSymbolsWithoutAnAddressArePassedOver() =>
        Assert.Equal(["a", "b"], Read("\n                 U printk\n1000 T a\r\n\r\n                 w maybe\n2000 T b").Select(static symbol => symbol.Name));

    [Theory]
    [InlineData("", SymbolTextErrorKind.NoSymbol, 0)]
    [InlineData("\n\n", SymbolTextErrorKind.NoSymbol, 2)]
    [InlineData("1000 T a\nhello", SymbolTextErrorKind.Malformed, 2)]
    [InlineData("1000 T", SymbolTextErrorKind.Malformed, 1)]
    [InlineData("1000 TT a", SymbolTextErrorKind.Malformed, 1)]
    [InlineData("11111111111111111 T a", SymbolTextErrorKind.Malformed, 1)]
    [InlineData("0x1000 T a", SymbolTextErrorKind.Malformed, 1)]
    [InlineData("1000 T a b", SymbolTextErrorKind.Malformed, 1)]
    [InlineData("1000 T a [m] b", SymbolTextErrorKind.Malformed, 1)]
    [InlineData("0000000000000000 T a\n0000000000000000 t b", SymbolTextErrorKind.Restricted, 2)]
    public void WhatIsWrongIsSaidWithItsLine(string text, SymbolTextErrorKind kind, long line)
    {
        Assert.False(SymbolText.TryRead(new StringReader(text), out IReadOnlyList<Symbol>? symbols, out SymbolTextError error));
        Assert.Null(symbols);
        Assert.Equal((kind, line), (error.Kind, error.Line));
        Assert.EndsWith($" (at line {line})", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LimitsAreLimits()
    {
        string name = new('n', SymbolText.MaximumLineLength - 7);
        Assert.Equal(name, Assert.Single(Read("1000 T " + name)).Name);
        AssertLimit(new StringReader("1000 T n" + name), 1);
        AssertLimit(new EndlessText("1000 T a\n"), SymbolText.MaximumSymbols + 1);
        AssertLimit(new EndlessText(" "), 1);

        // Each blank line costs nothing but its characters.
        AssertLimit(new EndlessText("\n"), SymbolText.MaximumLength);

        static void AssertLimit(TextReader reader, long line)
        {
            Assert.False(SymbolText.TryRead(reader, out _, out SymbolTextError error));
            Assert.Equal((SymbolTextErrorKind.LimitExceeded, line), (error.Kind, error.Line));
        }
    }

    [ToolFact(Nm)]
    public void WhatNmPrintsIsWhatTheElfFileHas()
    {
        SymbolTable expected = ElfFile.Read(File.ReadAllBytes(RepositoryFiles.PathOf(Elf))).CreateSymbolTable();
        SymbolTable table = new(Read(ExternalTool.Run(Nm, RepositoryFiles.PathOf(Elf))));
        Assert.Equal(Names(expected), Names(table));
        foreach (Symbol symbol in expected.Symbols)
        {
            if (symbol.Kind == SymbolKind.Function)
            {
                Assert.Equal(expected.Format(symbol.Address), table.Format(symbol.Address));
            }
        }

        static IEnumerable<string> Names(SymbolTable table) => table.Symbols.ToArray().Select(static symbol => $"{symbol.Address} {symbol.Name}").Order(StringComparer.Ordinal);
    }

    [Fact]
    public void AnyTextIsReadOrRefused()
    {
        Gen<string> piece = Gen.Elements(
            "ffff800080010000", "0", " ", "\t", " T ", " t ", "\n", "\r\n", "name", "[m]", "U ", "w ", "\0", "\uD800", "é", "-1", "0x", "[", "]", "g", "ffffffffffffffffff");
        Prop.ForAll(Gen.ListOf(piece).Select(static pieces => string.Concat(pieces)).ToArbitrary(), static text =>
        {
            bool isRead = SymbolText.TryRead(new StringReader(text), out IReadOnlyList<Symbol>? symbols, out SymbolTextError error);
            Assert.Equal(isRead, error.Kind == SymbolTextErrorKind.None);
            Assert.Equal(isRead, symbols is { Count: > 0 });
            Assert.True(!isRead || new SymbolTable(symbols!).Symbols.Length <= symbols!.Count);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(3000));
    }

    [Fact]
    public void WhatIsWrittenIsReadBackInBlocksOfAnySize()
    {
        Gen<(ulong Address, char Letter, int Name)> line =
            from address in Gen.Choose(1, int.MaxValue)
            from letter in Gen.Elements('T', 't', 'W', 'D', 'A')
            from name in Gen.Choose(0, 999)
            select ((ulong)address << 13, letter, name);
        Prop.ForAll(Gen.NonEmptyListOf(line).ToArbitrary(), Gen.Choose(1, 7).ToArbitrary(), static (lines, block) =>
        {
            var text = new StringBuilder();
            lines.ForEach(written => text.Append(written.Address.ToString("x16")).Append(' ').Append(written.Letter).Append(" n").Append(written.Name).Append('\n'));
            Assert.True(SymbolText.TryRead(new SlowText(text.ToString(), block), out IReadOnlyList<Symbol>? symbols, out _));
            Assert.Equal(
                lines.Select(static written => (written.Address, "n" + written.Name, written.Letter == 'A')),
                symbols.Select(static symbol => (symbol.Address.Value, symbol.Name, symbol.IsAbsolute)));
        }).Check(Config.QuickThrowOnFailure);
    }

    [Theory]
    [InlineData("vfs_read", new[] { "vfs_read" })]
    [InlineData("vfs_*", new[] { "vfs_read", "vfs_write" })]
    [InlineData("*read", new[] { "pread", "read", "vfs_read" })]
    [InlineData("?read", new[] { "pread" })]
    [InlineData("*_*r*e", new[] { "vfs_write" })]
    [InlineData("**", new[] { "pread", "read", "vfs_read", "vfs_write" })]
    [InlineData("READ", new string[0])]
    [InlineData("", new string[0])]
    public void PatternsFindNames(string pattern, string[] expected)
    {
        SymbolTable table = new(Read("1000 T vfs_read\n2000 T vfs_write\n3000 T read\n4000 T pread"));
        Assert.Equal(expected, table.FindMatching(pattern).Select(static symbol => symbol.Name));
    }

    [Fact]
    public void PatternsMatchAsRegularExpressionsDo()
    {
        Gen<string> name = Gen.NonEmptyListOf(Gen.Elements('a', 'b', '.')).Select(static letters => string.Concat(letters));
        Gen<string> pattern = Gen.ListOf(Gen.Elements('a', 'b', '.', '*', '?')).Select(static letters => string.Concat(letters));
        Prop.ForAll(name.ToArbitrary(), pattern.ToArbitrary(), static (name, pattern) =>
        {
            string expression = "^" + Regex.Escape(pattern).Replace("\\*", ".*").Replace("\\?", ".") + "$";
            bool expected = Regex.IsMatch(name, expression);
            SymbolTable table = new([new Symbol(name, new Va(1), 0, SymbolKind.Function, SymbolBinding.Global)]);
            Assert.Equal(expected, table.FindMatching(pattern).Count == 1);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(3000));
    }

    private static IReadOnlyList<Symbol> Read(string text)
    {
        Assert.True(SymbolText.TryRead(new StringReader(text), out IReadOnlyList<Symbol>? symbols, out SymbolTextError error), error.Message);
        return symbols;
    }

    /// <summary>A text that never ends.</summary>
    private sealed class EndlessText(string part) : TextReader
    {
        private int _next;

        public override int Read(char[] buffer, int index, int count)
        {
            for (int i = 0; i < count; i++)
            {
                buffer[index + i] = part[_next++ % part.Length];
            }

            _next %= part.Length;
            return count;
        }
    }

    /// <summary>A text that comes in small pieces.</summary>
    private sealed class SlowText(string text, int block) : StringReader(text)
    {
        public override int Read(char[] buffer, int index, int count) => base.Read(buffer, index, Math.Min(count, block));
    }
}
