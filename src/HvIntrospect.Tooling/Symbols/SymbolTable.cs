using System;
using System.Collections.Generic;

namespace HvIntrospect.Tooling.Symbols;

/// <summary>Names for addresses and addresses for names.</summary>
/// <remarks>
/// <para>Holds functions, variables and untyped labels, local and global. Left out are symbols without a name, those that are not at an address
/// (<see cref="SymbolKind.Other"/>) and Arm's mapping symbols (<c>$x</c>, <c>$d</c>), which mark where code and data begin and name nothing;
/// "ELF for the Arm 64-bit Architecture", "Mapping symbols".</para>
/// <para>An address belongs to the innermost symbol whose bytes hold it: the one that begins last, then the better kind, the smaller size and
/// the wider binding. A symbol of unknown size owns what follows it up to the next symbol, but nothing that a symbol of known size holds, so that a label
/// inside a function does not hide the function. An absolute symbol has a name and owns no address.</para>
/// <para>Immutable and thread-safe.</para>
/// </remarks>
public sealed class SymbolTable
{
    private const int Nobody = -1;

    private readonly Symbol[] _byAddress;
    private readonly Symbol[] _byName;

    // Disjoint ranges in ascending order: range i begins at _starts[i], ends where the next one begins and belongs to _owners[i].
    private readonly ulong[] _starts;
    private readonly int[] _owners;

    /// <summary>Makes a table.</summary>
    /// <param name="symbols">Symbols in any order.</param>
    /// <exception cref="ArgumentNullException"><paramref name="symbols"/> is null.</exception>
    public SymbolTable(IEnumerable<Symbol> symbols)
    {
        _ = symbols ?? throw new ArgumentNullException(nameof(symbols));

        var kept = new List<Symbol>();
        foreach (Symbol symbol in symbols)
        {
            if (symbol.Kind != SymbolKind.Other && symbol.Name.Length != 0 && !IsMappingSymbol(symbol.Name))
            {
                kept.Add(symbol);
            }
        }

        _byAddress = kept.ToArray();
        Array.Sort(_byAddress, CompareByAddress);
        _byName = kept.ToArray();
        Array.Sort(_byName, CompareByName);
        (_starts, _owners) = Flatten(_byAddress);
    }

    /// <summary>Gets the table without symbols.</summary>
    public static SymbolTable Empty { get; } = new(Array.Empty<Symbol>());

    /// <summary>Gets all symbols of the table in ascending order of their addresses.</summary>
    public ReadOnlySpan<Symbol> Symbols => _byAddress;

    /// <summary>Finds a symbol by its exact name.</summary>
    /// <param name="name">The name; case matters.</param>
    /// <param name="symbol">Receives the symbol of the widest binding, of several such the one at the lowest address.</param>
    /// <returns>False when no symbol has the name.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> is null.</exception>
    public bool TryFind(string name, out Symbol symbol)
    {
        ReadOnlySpan<Symbol> all = FindAll(name);
        symbol = all.IsEmpty ? default : all[0];
        return !all.IsEmpty;
    }

    /// <summary>Finds all symbols of a name: several files may each have a local one.</summary>
    /// <param name="name">The name; case matters.</param>
    /// <returns>The symbols, wider bindings first, then lower addresses first; empty when no symbol has the name.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> is null.</exception>
    public ReadOnlySpan<Symbol> FindAll(string name)
    {
        _ = name ?? throw new ArgumentNullException(nameof(name));

        int first = LowerBound(name, orEqual: false);
        int end = LowerBound(name, orEqual: true);
        return _byName.AsSpan(first, end - first);
    }

    /// <summary>Finds all symbols whose names have a pattern.</summary>
    /// <param name="pattern">The name, in which <c>*</c> stands for any characters or none and <c>?</c> for one; case matters.</param>
    /// <returns>The symbols in the order of their names, by code units; then as <see cref="FindAll"/> orders them.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="pattern"/> is null.</exception>
    public IReadOnlyList<Symbol> FindMatching(string pattern)
    {
        _ = pattern ?? throw new ArgumentNullException(nameof(pattern));

        var found = new List<Symbol>();
        foreach (Symbol symbol in _byName)
        {
            if (Matches(symbol.Name, pattern))
            {
                found.Add(symbol);
            }
        }

        return found;
    }

    /// <summary>Finds the symbol that an address belongs to. Allocates nothing.</summary>
    /// <param name="address">The address.</param>
    /// <param name="symbol">Receives the symbol.</param>
    /// <param name="offset">Receives the bytes from the symbol's first byte to <paramref name="address"/>.</param>
    /// <returns>False when the address belongs to no symbol.</returns>
    public bool TryResolve(Va address, out Symbol symbol, out ulong offset)
    {
        int found = Array.BinarySearch(_starts, address.Value);
        int range = found >= 0 ? found : ~found - 1;
        int owner = range >= 0 ? _owners[range] : Nobody;
        if (owner == Nobody)
        {
            symbol = default;
            offset = 0;
            return false;
        }

        symbol = _byAddress[owner];
        offset = address - symbol.Address;
        return true;
    }

    /// <summary>Formats an address by the symbol that it belongs to.</summary>
    /// <param name="address">The address.</param>
    /// <returns><c>name</c> or for example <c>name+0x10</c>; null when the address belongs to no symbol.</returns>
    public string? Format(Va address) => TryResolve(address, out Symbol symbol, out ulong offset) ? symbol.ToString(offset) : null;

    /// <summary>Tests for the symbols that mark where code and data begin.</summary>
    internal static bool IsMappingSymbol(string name) =>
        name.Length >= 2 && name[0] == '$' && name[1] is 'x' or 'd' or 'a' or 't' && (name.Length == 2 || name[2] == '.');

    /// <summary>Goes back to the last star only, since an earlier one can take nothing that the last one cannot: the time is at most the product of both lengths.</summary>
    private static bool Matches(string name, string pattern)
    {
        int at = 0;
        int star = -1;
        int taken = 0;
        for (int i = 0; i < name.Length;)
        {
            if (at < pattern.Length && pattern[at] == '*')
            {
                star = at++;
                taken = i;
            }
            else if (at < pattern.Length && (pattern[at] == '?' || pattern[at] == name[i]))
            {
                at++;
                i++;
            }
            else if (star >= 0)
            {
                at = star + 1;
                i = ++taken;
            }
            else
            {
                return false;
            }
        }

        while (at < pattern.Length && pattern[at] == '*')
        {
            at++;
        }

        return at == pattern.Length;
    }

    private static int CompareByAddress(Symbol left, Symbol right)
    {
        int order = left.Address.CompareTo(right.Address);
        return order != 0 ? order : CompareByRank(left, right);
    }

    /// <summary>Orders symbols of one address so that the one to name it comes last.</summary>
    private static int CompareByRank(Symbol left, Symbol right)
    {
        int order = (left.Size != 0).CompareTo(right.Size != 0);
        order = order != 0 ? order : (left.Kind != SymbolKind.NoType).CompareTo(right.Kind != SymbolKind.NoType);
        order = order != 0 ? order : right.Size.CompareTo(left.Size);
        order = order != 0 ? order : right.Binding.CompareTo(left.Binding);
        return order != 0 ? order : string.CompareOrdinal(right.Name, left.Name);
    }

    private static int CompareByName(Symbol left, Symbol right)
    {
        int order = string.CompareOrdinal(left.Name, right.Name);
        order = order != 0 ? order : left.Binding.CompareTo(right.Binding);
        return order != 0 ? order : left.Address.CompareTo(right.Address);
    }

    /// <summary>Cuts the address space into ranges of one owner each. Takes time in proportion to the number of symbols, however they overlap.</summary>
    private static (ulong[] Starts, int[] Owners) Flatten(Symbol[] symbols)
    {
        var map = new RangeBuilder();

        // Symbols of known size that begin at or before the current address; the top one begins last, so it is the innermost.
        var open = new Stack<int>();
        for (int index = 0; index < symbols.Length;)
        {
            ulong start = symbols[index].Address.Value;
            CloseUpTo(start, inclusive: false);
            int best = Nobody;
            for (; index < symbols.Length && symbols[index].Address.Value == start; index++)
            {
                if (symbols[index].IsAbsolute)
                {
                    continue;
                }

                best = index;
                if (symbols[index].Size != 0)
                {
                    open.Push(index);
                }
            }

            if (best == Nobody)
            {
                continue;
            }

            if (symbols[best].Size != 0)
            {
                map.Add(start, best);
            }
            else if (open.Count == 0)
            {
                map.Add(start, best);
                EndUnsized(best, index);
            }
        }

        CloseUpTo(ulong.MaxValue, inclusive: true);
        return map.ToArrays();

        // Ends every open symbol whose last byte is before an address.
        void CloseUpTo(ulong address, bool inclusive)
        {
            while (open.Count != 0 && (LastOf(open.Peek()) < address || inclusive))
            {
                ulong last = LastOf(open.Pop());
                while (open.Count != 0 && LastOf(open.Peek()) <= last)
                {
                    open.Pop();
                }

                if (last != ulong.MaxValue)
                {
                    map.Add(last + 1, open.Count != 0 ? open.Peek() : Nobody);
                }
            }
        }

        ulong LastOf(int index)
        {
            ulong start = symbols[index].Address.Value;
            ulong reach = symbols[index].Size - 1;
            return reach > ulong.MaxValue - start ? ulong.MaxValue : start + reach;
        }

        // Whatever begins next ends it anyway; without a next symbol or a segment that says how far it may reach, it is one byte.
        void EndUnsized(int unsized, int next)
        {
            ulong start = symbols[unsized].Address.Value;
            ulong reach = Math.Max(symbols[unsized].Reach, 1);
            while (next < symbols.Length && symbols[next].IsAbsolute)
            {
                next++;
            }

            if (next == symbols.Length && reach == ulong.MaxValue)
            {
                reach = 1;
            }

            if (reach <= ulong.MaxValue - start && (next == symbols.Length || start + reach < symbols[next].Address.Value))
            {
                map.Add(start + reach, Nobody);
            }
        }
    }

    private int LowerBound(string name, bool orEqual)
    {
        int low = 0;
        int high = _byName.Length;
        while (low < high)
        {
            int middle = low + ((high - low) / 2);
            int order = string.CompareOrdinal(_byName[middle].Name, name);
            if (order < 0 || (orEqual && order == 0))
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    private sealed class RangeBuilder
    {
        private readonly List<ulong> _starts = new();
        private readonly List<int> _owners = new();

        /// <summary>Begins a range; one that begins at the same address gives way.</summary>
        public void Add(ulong start, int owner)
        {
            int last = _starts.Count - 1;
            if (last >= 0 && _starts[last] == start)
            {
                _owners[last] = owner;
            }
            else if (last < 0 || _owners[last] != owner)
            {
                _starts.Add(start);
                _owners.Add(owner);
            }
        }

        public (ulong[] Starts, int[] Owners) ToArrays() => (_starts.ToArray(), _owners.ToArray());
    }
}
