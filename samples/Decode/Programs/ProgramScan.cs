using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using HvIntrospect.A64;
using HvIntrospect.Samples.Decode.Words;
using HvIntrospect.Tooling.Loading;
using HvIntrospect.Tooling.Symbols;

namespace HvIntrospect.Samples.Decode.Programs;

/// <summary>Looks at all instructions of a program, or of one function.</summary>
internal sealed class ProgramScan
{
    private const int WordSize = 4;

    private readonly ElfFile _elf;
    private readonly A64Decoder _decoder;
    private readonly SymbolTable _symbols;
    private readonly HashSet<Va> _functions = [];
    private HashSet<Va>? _selected;
    private string? _selectedName;

    public ProgramScan(ElfFile elf, A64Decoder decoder)
    {
        _elf = elf;
        _decoder = decoder;
        _symbols = elf.CreateSymbolTable();
    }

    /// <summary>Gets the number of instructions that access memory.</summary>
    public int Accesses { get; private set; }

    /// <summary>Gets the number of those that would abort without a syndrome.</summary>
    public int Silent { get; private set; }

    /// <summary>Gets the number of functions that those are in.</summary>
    public int Functions => _functions.Count;

    /// <summary>Looks at one function only; several files may each have a local one of the name.</summary>
    /// <returns>False when no symbol has the name.</returns>
    public bool TrySelect(string function)
    {
        _selectedName = function;
        _selected = [];
        foreach (Symbol symbol in _symbols.FindAll(function))
        {
            _selected.Add(symbol.Address);
        }

        return _selected.Count != 0;
    }

    /// <summary>Finds the instructions that would abort without a syndrome.</summary>
    public IEnumerable<SilentInstruction> Run()
    {
        foreach (ElfCode code in _elf.FindCode())
        {
            for (int offset = 0; offset < code.Data.Length; offset += WordSize)
            {
                if (Look(code.Address + (ulong)offset, BinaryPrimitives.ReadUInt32LittleEndian(code.Data.Span[offset..])) is SilentInstruction found)
                {
                    yield return found;
                }
            }
        }
    }

    /// <summary>Tests for the loads and stores of the scalable extensions, of which only the place in the encoding space is known.</summary>
    private static bool IsScalableAccess(uint word) => (word & 0x9E00_0000) == 0x8400_0000 || (word & 0xFE00_0000) == 0xE000_0000;

    private SilentInstruction? Look(Va address, uint word)
    {
        LoadStoreStatus status = _decoder.DecodeLoadStore(word, out LoadStoreAccess access);
        bool isLoadStore = status is LoadStoreStatus.Valid or LoadStoreStatus.ConstrainedUnpredictable && access.Kind != LoadStoreKind.Prefetch;
        Silence? other = isLoadStore ? null
            : SystemOperation.Of(word).IsWrite ? Silence.SystemInstruction
            : status == LoadStoreStatus.NotLoadStore && IsScalableAccess(word) ? Silence.Scalable
            : null;
        if (!isLoadStore && other is null)
        {
            return null;
        }

        bool isKnown = _symbols.TryResolve(address, out Symbol symbol, out ulong offset);
        if (isKnown && symbol.Kind == SymbolKind.Object || (_selected is not null && !(isKnown && _selected.Contains(symbol.Address))))
        {
            return null;
        }

        Accesses++;
        Silence? reason = isLoadStore ? Silence.Of(access) : other;
        if (reason is null)
        {
            return null;
        }

        Silent++;
        if (isKnown)
        {
            _functions.Add(symbol.Address);
        }

        string text = isLoadStore ? access.ToString() : _decoder.Decode(word).ToString();
        return new SilentInstruction(
            address, isKnown ? _selectedName ?? symbol.Name : null, offset, word, text, reason, isLoadStore ? Replacement.Of(access, text, reason) : Replacement.OfOther(reason));
    }
}
