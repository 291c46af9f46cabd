using System;
using System.Collections.Generic;
using System.Linq;
using FsCheck;
using FsCheck.Fluent;
using HvIntrospect.Tooling.Symbols;
using HvIntrospect.Tests.Support;
using Xunit;

namespace HvIntrospect.Tests.Symbols;

public sealed class SymbolTableTests
{
    [Theory]
    [InlineData(0x0FFF, null)]
    [InlineData(0x1000, "f")]
    [InlineData(0x1010, "f+0x10")]
    [InlineData(0x101F, "f+0x1f")]
    [InlineData(0x1020, null)]
    [InlineData(0x2000, "g")]
    public void ASymbolCoversItsBytesAndNoMore(ulong address, string? expected) =>
        Assert.Equal(expected, new SymbolTable([Function("g", 0x2000, 4), Function("f", 0x1000, 0x20)]).Format(new Va(address)));

    [Theory]
    [InlineData(0x1000, "label")]
    [InlineData(0x1FFF, "label+0xfff")]
    [InlineData(0x2000, "f")]
    [InlineData(0x2004, "f+0x4")]
    [InlineData(0x2010, null)]
    [InlineData(0x3000, "end")]
    [InlineData(0x3001, null)]
    public void ASymbolOfUnknownSizeReachesToTheNextOneButHidesNothing(ulong address, string? expected)
    {
        SymbolTable table = new([Label("label", 0x1000), Function("f", 0x2000, 0x10), Label("inside", 0x2004), Label("end", 0x3000)]);
        Assert.Equal(expected, table.Format(new Va(address)));
    }

    [Theory]
    [InlineData(0x1000, "outer")]
    [InlineData(0x1010, "inner")]
    [InlineData(0x1018, "innermost")]
    [InlineData(0x101A, "inner+0xa")]
    [InlineData(0x1020, "outer+0x20")]
    [InlineData(0x10FF, "outer+0xff")]
    [InlineData(0x1100, null)]
    public void TheInnermostSymbolOwnsAnAddress(ulong address, string? expected)
    {
        SymbolTable table = new([Variable("innermost", 0x1018, 2), Variable("outer", 0x1000, 0x100), Variable("inner", 0x1010, 0x10)]);
        Assert.Equal(expected, table.Format(new Va(address)));
    }

    [Fact]
    public void OfSeveralSymbolsAtOneAddressTheMostTellingNamesIt()
    {
        Assert.Equal("f", new SymbolTable([Label("a", 0x10), Function("f", 0x10, 4)]).Format(new Va(0x10)));
        Assert.Equal("f", new SymbolTable([new("a", new Va(0x10), 4, SymbolKind.NoType, SymbolBinding.Global), Function("f", 0x10, 8)]).Format(new Va(0x10)));
        Assert.Equal("g", new SymbolTable([new("a", new Va(0x10), 4, SymbolKind.Object, SymbolBinding.Weak), Variable("g", 0x10, 4)]).Format(new Va(0x10)));
        Assert.Equal("w", new SymbolTable([new("w", new Va(0x10), 4, SymbolKind.Object, SymbolBinding.Weak), new("a", new Va(0x10), 4, SymbolKind.Object, SymbolBinding.Local)]).Format(new Va(0x10)));
        Assert.Equal("a", new SymbolTable([Variable("b", 0x10, 4), Variable("a", 0x10, 4)]).Format(new Va(0x10)));
        Assert.Equal("member", new SymbolTable([Variable("whole", 0x10, 8), Variable("member", 0x10, 4)]).Format(new Va(0x10)));
        Assert.Equal("whole+0x4", new SymbolTable([Variable("whole", 0x10, 8), Variable("member", 0x10, 4)]).Format(new Va(0x14)));
    }

    [Fact]
    public void WhatNamesNothingIsLeftOut()
    {
        Symbol[] nothing =
        [
            Label("$x", 0x10), Label("$d", 0x20), Label("$d.realdata", 0x30), Label(string.Empty, 0x40),
            new("a.c", new Va(0), 0, SymbolKind.Other, SymbolBinding.Local), default,
        ];
        Assert.True(new SymbolTable(nothing).Symbols.IsEmpty);
        Assert.Equal(2, new SymbolTable([Label("$xy", 0x10), Label("$", 0x20)]).Symbols.Length);
        Assert.Null(SymbolTable.Empty.Format(new Va(0)));
    }

    [Fact]
    public void AnAbsoluteSymbolHasANameButNoAddresses()
    {
        SymbolTable table = new([new("stack_size", new Va(0x1008), 8, SymbolKind.NoType, SymbolBinding.Global, isAbsolute: true), Label("label", 0x1000), Label("next", 0x1010)]);
        Assert.Equal("label+0x8", table.Format(new Va(0x1008)));
        Assert.True(table.TryFind("stack_size", out Symbol symbol));
        Assert.Equal(new Va(0x1008), symbol.Address);
    }

    [Fact]
    public void ANameFindsTheWidestBindingAndAllThatHaveIt()
    {
        Symbol first = new("same", new Va(0x30), 4, SymbolKind.Object, SymbolBinding.Local);
        Symbol second = new("same", new Va(0x10), 4, SymbolKind.Object, SymbolBinding.Local);
        SymbolTable table = new([first, Variable("other", 0x20, 4), second]);
        Assert.True(table.TryFind("same", out Symbol found));
        Assert.Equal(second, found);
        Assert.Equal([second, first], table.FindAll("same").ToArray());
        Assert.False(table.TryFind("Same", out _));
        Assert.True(table.FindAll("sam").IsEmpty);
        Assert.True(table.FindAll("samee").IsEmpty);

        Symbol global = Variable("same", 0x40, 4);
        Assert.True(new SymbolTable([first, global, second]).TryFind("same", out found));
        Assert.Equal(global, found);
    }

    [Fact]
    public void ASymbolMayReachTheLastByteOfTheAddressSpace()
    {
        SymbolTable table = new([Function("top", ulong.MaxValue - 3, 4), Function("beyond", ulong.MaxValue - 15, ulong.MaxValue)]);
        Assert.Equal("top+0x3", table.Format(new Va(ulong.MaxValue)));
        Assert.Equal("beyond+0xb", table.Format(new Va(ulong.MaxValue - 4)));
        Assert.Equal("all+0xfffffffffffffffe", new SymbolTable([Function("all", 0, ulong.MaxValue)]).Format(new Va(ulong.MaxValue - 1)));
        Assert.Null(new SymbolTable([Function("all", 0, ulong.MaxValue)]).Format(new Va(ulong.MaxValue)));
    }

    [Fact]
    public void ResolvingAllocatesNothing()
    {
        SymbolTable table = new(Enumerable.Range(0, 1000).Select(number => Function("f" + number, (ulong)number * 16, 16)));
        Resolve(table);
        Assert.Equal(0, Allocation.Of(() => Resolve(table)));

        static void Resolve(SymbolTable table)
        {
            for (ulong address = 0; address < 20_000; address++)
            {
                table.TryResolve(new Va(address), out _, out _);
            }
        }
    }

    [Fact]
    public void RandomTablesResolveAsTheRuleSays()
    {
        Gen<Symbol> symbol =
            from name in Gen.Choose(0, 5)
            from address in Gen.Choose(0, 40)
            from size in Gen.OneOf(Gen.Constant(0), Gen.Choose(0, 12))
            from kind in Gen.Elements(SymbolKind.NoType, SymbolKind.Object, SymbolKind.Function)
            from binding in Gen.Elements(SymbolBinding.Global, SymbolBinding.Weak, SymbolBinding.Local)
            from isAbsolute in Gen.Frequency((9, Gen.Constant(false)), (1, Gen.Constant(true)))
            select new Symbol("s" + name, new Va((ulong)address), (ulong)size, kind, binding, isAbsolute);
        Prop.ForAll(
            Gen.ListOf(symbol).ToArbitrary(),
            symbols =>
            {
                SymbolTable table = new(symbols);
                for (ulong address = 0; address < 64; address++)
                {
                    string? expected = Owner(symbols, address) is Symbol owner ? owner.ToString(address - owner.Address.Value) : null;
                    Assert.Equal(expected, table.Format(new Va(address)));
                }
            }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));
    }

    /// <summary>The rule of the table, by looking at every symbol for every address.</summary>
    private static Symbol? Owner(List<Symbol> symbols, ulong address)
    {
        Symbol[] here = [.. symbols.Where(symbol => !symbol.IsAbsolute && symbol.Address.Value <= address)];
        Symbol[] holders = [.. here.Where(symbol => address - symbol.Address.Value < symbol.Size)];
        Symbol[] candidates = holders.Length != 0 ? holders : [.. Unsized(symbols, here, address)];
        return candidates.Length == 0
            ? null
            : candidates
                .OrderByDescending(symbol => symbol.Address)
                .ThenBy(symbol => symbol.Kind == SymbolKind.NoType)
                .ThenBy(symbol => symbol.Size)
                .ThenBy(symbol => symbol.Binding)
                .ThenBy(symbol => symbol.Name, StringComparer.Ordinal)
                .First();
    }

    /// <summary>The symbols of unknown size that reach an address: those nearest before it, unless one of known size begins with them or holds their first byte.</summary>
    private static IEnumerable<Symbol> Unsized(List<Symbol> all, Symbol[] here, ulong address)
    {
        if (here.Length == 0)
        {
            return [];
        }

        Va nearest = here.Max(symbol => symbol.Address.Value) is ulong value ? new Va(value) : default;
        bool isHeld = here.Any(symbol => nearest - symbol.Address < symbol.Size);
        bool isLast = !all.Any(symbol => !symbol.IsAbsolute && symbol.Address > nearest);
        return isHeld || (isLast && address != nearest.Value) ? [] : here.Where(symbol => symbol.Address == nearest);
    }

    private static Symbol Function(string name, ulong address, ulong size) => new(name, new Va(address), size, SymbolKind.Function, SymbolBinding.Global);

    private static Symbol Variable(string name, ulong address, ulong size) => new(name, new Va(address), size, SymbolKind.Object, SymbolBinding.Global);

    private static Symbol Label(string name, ulong address) => new(name, new Va(address), 0, SymbolKind.NoType, SymbolBinding.Local);
}
