using System;
using System.Collections.Generic;
using HvIntrospect.Tooling.Symbols;

namespace HvIntrospect.Tooling.Loading;

/// <summary>Finds the instructions of a program: what is to be executed, without what mapping symbols mark as data.</summary>
/// <remarks>"ELF for the Arm 64-bit Architecture", "Mapping symbols". Takes time in proportion to the file and its symbols, however its parts overlap.</remarks>
internal sealed class CodeFinder
{
    private const int WordSize = 4;

    private readonly List<ElfCode> _found = new();
    private readonly ulong[] _marks;
    private readonly bool[] _isCode;

    /// <summary>Makes a finder.</summary>
    /// <param name="symbols">The symbols of the file.</param>
    public CodeFinder(IReadOnlyList<Symbol> symbols)
    {
        var marks = new List<(ulong Address, bool IsCode)>();
        foreach (Symbol symbol in symbols)
        {
            if (SymbolTable.IsMappingSymbol(symbol.Name) && !symbol.IsAbsolute)
            {
                marks.Add((symbol.Address.Value, symbol.Name[1] == 'x'));
            }
        }

        // Where one address has both marks, nothing is between them and the later one says code.
        marks.Sort(static (left, right) => left.Address != right.Address ? left.Address.CompareTo(right.Address) : left.IsCode.CompareTo(right.IsCode));
        _marks = marks.ConvertAll(static mark => mark.Address).ToArray();
        _isCode = marks.ConvertAll(static mark => mark.IsCode).ToArray();
    }

    /// <summary>Finds the instructions.</summary>
    /// <param name="parts">The parts of the file that are executed, in any order.</param>
    /// <returns>The runs in the order of the file.</returns>
    public IReadOnlyList<ElfCode> Find(IReadOnlyList<ExecutablePart> parts)
    {
        var sorted = new List<ExecutablePart>(parts);
        sorted.Sort(static (left, right) => left.FileOffset.CompareTo(right.FileOffset));
        ulong end = 0;
        foreach (ExecutablePart part in sorted)
        {
            // Bytes that two parts claim are looked at once.
            ulong skipped = end > part.FileOffset ? end - part.FileOffset : 0;
            if (skipped < (ulong)part.Data.Length)
            {
                Split(part.Address + skipped, part.Data.Slice((int)skipped));
                end = part.FileOffset + (ulong)part.Data.Length;
            }
        }

        return _found;
    }

    /// <summary>Cuts the data out of a part. What is before its first mark is code, since programs without symbols have none.</summary>
    private void Split(Va start, ReadOnlyMemory<byte> data)
    {
        ulong first = start.Value;
        ulong length = (ulong)data.Length;
        int mark = FirstMarkFrom(first);
        bool isCode = true;
        ulong position = 0;
        while (position < length)
        {
            ulong next = mark < _marks.Length && _marks[mark] - first < length ? _marks[mark] - first : length;
            if (isCode && next > position)
            {
                Add(start + position, data.Slice((int)position, (int)(next - position)));
            }

            if (next == length)
            {
                return;
            }

            position = next;
            isCode = _isCode[mark];
            mark++;
        }
    }

    private int FirstMarkFrom(ulong address)
    {
        int low = 0;
        int high = _marks.Length;
        while (low < high)
        {
            int middle = low + ((high - low) / 2);
            if (_marks[middle] < address)
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

    private void Add(Va address, ReadOnlyMemory<byte> data)
    {
        int skipped = (int)((0 - address.Value) & (WordSize - 1));
        int length = (data.Length - skipped) & ~(WordSize - 1);
        if (length > 0)
        {
            _found.Add(new ElfCode(address + (ulong)skipped, data.Slice(skipped, length)));
        }
    }
}
