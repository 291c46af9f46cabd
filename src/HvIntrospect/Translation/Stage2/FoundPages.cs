using System;

namespace HvIntrospect.Translation.Stage2;

/// <summary>The pages that a change found to be written or accessed, one bit for each page of its range.</summary>
internal sealed class FoundPages
{
    private const int WordBits = 64;

    private ulong[] _words = [];
    private ulong _start;
    private int _pageSizeLog2;
    private int _length;

    /// <summary>Gets the number of found pages.</summary>
    public int Count { get; private set; }

    /// <summary>Gets how many words hold one bit for each page of a range.</summary>
    public static ulong WordsOf(IpaRange range, int pageSizeLog2) => ((range.Length >> pageSizeLog2) + WordBits - 1) / WordBits;

    /// <summary>Begins to collect the pages of a range.</summary>
    public void Begin(IpaRange range, int pageSizeLog2)
    {
        _start = range.Start.Value;
        _pageSizeLog2 = pageSizeLog2;
        _length = (int)WordsOf(range, pageSizeLog2);
        if (_words.Length < _length)
        {
            _words = new ulong[_length];
        }

        Array.Clear(_words, 0, _length);
        Count = 0;
    }

    /// <summary>Adds all pages of a part of the range.</summary>
    public void Add(ulong first, ulong last)
    {
        int lastPage = (int)((last - _start) >> _pageSizeLog2);
        for (int page = (int)((first - _start) >> _pageSizeLog2); page <= lastPage; page++)
        {
            ref ulong word = ref _words[page / WordBits];
            ulong bit = 1UL << (page % WordBits);
            Count += (word & bit) == 0 ? 1 : 0;
            word |= bit;
        }
    }

    /// <summary>Writes page i of the range as bit i % 64 of word i / 64.</summary>
    public void CopyTo(Span<ulong> bitmap) => _words.AsSpan(0, _length).CopyTo(bitmap);
}
