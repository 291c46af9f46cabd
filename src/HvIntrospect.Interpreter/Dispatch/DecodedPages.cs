using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using HvIntrospect.A64;
using HvIntrospect.Interpreter.Memory;
using HvIntrospect.Interpreter.Operations;
using HvIntrospect.Interpreter.Operations.Fusion;
using HvIntrospect.Interpreter.Operations.SystemInstructions;
using HvIntrospect.Interpreter.State;
using HvIntrospect.Registers;

namespace HvIntrospect.Interpreter.Dispatch;

/// <summary>The decoded pages of a machine: the instruction cache.</summary>
/// <remarks>
/// Words are decoded when they are executed for the first time. A write of the guest to a page makes the written words undecoded again only while the cache is coherent;
/// otherwise they stay as they were until maintenance by address or of all takes effect. The cache holds a limited number of pages: a further one takes
/// the place of the oldest that no vCPU executes.
/// </remarks>
internal sealed unsafe class DecodedPages : IDisposable
{
    // Behind the words' operations: the one that goes on to the next page, and a model of one that is not decoded.
    private const int Model = Flow.PageLength + 1;
    private const int PageBytes = DecodedPage.Size + ((Model + 1) * Operation.Size);
    private readonly List<nint> _pages = [];
    private readonly OperationBinder?[] _binders;
    private readonly bool _threaded;
    private readonly PhysicalMemory _memory;
    private readonly int _limit;
    private readonly bool _isCoherent;
    private readonly CacheMaintenance _maintenance = new();

    // The next page to be replaced when there are as many as may be.
    private int _oldest;

    /// <summary>Initialises an empty cache.</summary>
    /// <param name="memory">The RAM whose words are decoded.</param>
    /// <param name="table">The binders.</param>
    /// <param name="features">The features of the guest's vCPUs; encodings of others are UNDEFINED.</param>
    /// <param name="threaded">True for the tail-threaded dispatcher.</param>
    /// <param name="limit">The number of pages that it holds at most, above the number of vCPUs.</param>
    /// <param name="isCoherent">False when words stay as they were decoded until they are invalidated.</param>
    public DecodedPages(
        PhysicalMemory memory, OperationTable table, A64Features features, bool threaded, int limit = MachineOptions.DefaultDecodedPageLimit, bool isCoherent = true)
    {
        _limit = limit;
        _isCoherent = isCoherent;
        _memory = memory;
        Decoder = new A64Decoder(features);
        _threaded = threaded;
        _binders = new OperationBinder?[A64Decoder.EncodingCount + 1];
        for (int i = 1; i < _binders.Length; i++)
        {
            _binders[i] = table.Binders.GetValueOrDefault(A64Decoder.GetEncodingId(i));
        }
    }

    /// <summary>Gets the decoder of the guest's features.</summary>
    public A64Decoder Decoder { get; }

    /// <summary>Marks words as not decoded.</summary>
    /// <param name="operations">The page's operations.</param>
    /// <param name="first">The first word, 0 to 1023.</param>
    /// <param name="last">The last word, 0 to 1023.</param>
    public static void Invalidate(Operation* operations, int first, int last)
    {
        // The operation before may perform the first one too.
        for (int i = Math.Max(first - 1, 0); i <= last; i++)
        {
            operations[i].Handler = operations[Model].Handler;
            operations[i].HandlerId = operations[Model].HandlerId;
        }
    }

    /// <summary>Gets the number of pages that have operations.</summary>
    public int Count => _pages.Count;

    /// <summary>Tells whether an operation is that of a word which was decoded.</summary>
    /// <param name="operation">An operation of a page.</param>
    /// <returns>False when its word is to be read from memory.</returns>
    public static bool IsDecoded(Operation* operation) => operation->HandlerId != Handler<Undecoded>.Id;

    /// <summary>Gets the word that is executed at a place of a page: the decoded one, which may be stale, or that in memory.</summary>
    /// <param name="operations">The page's operations.</param>
    /// <param name="index">The place, 0 to 1023.</param>
    /// <returns>The word.</returns>
    public static uint WordAt(Operation* operations, int index) =>
        IsDecoded(operations + index) ? operations[index].Word : DecodedPage.Of(operations)->Words[index];

    /// <summary>Drops decoded words at once.</summary>
    /// <param name="pa">An address in the line, or null for all lines.</param>
    public void Invalidate(ulong? pa)
    {
        if (pa is ulong address)
        {
            const int Words = IdentificationRegisters.CacheLineSize / 4;
            if (_memory.TryGetPage(address, out RamPage page) && *page.Operations is not null)
            {
                int first = (int)(address >> 2) & (Flow.PageLength - Words);
                Invalidate(*page.Operations, first, first + Words - 1);
            }

            return;
        }

        foreach (nint block in _pages)
        {
            Invalidate((Operation*)((byte*)block + DecodedPage.Size), 0, Flow.PageLength - 1);
        }
    }

    /// <summary>Notes maintenance that the guest asks for. A coherent cache needs none.</summary>
    /// <param name="pa">An address in the line, or null for all lines.</param>
    public void RequestInvalidation(ulong? pa)
    {
        if (_isCoherent)
        {
            return;
        }

        if (pa is ulong address)
        {
            _maintenance.AddLine(address);
        }
        else
        {
            _maintenance.AddAll();
        }
    }

    /// <summary>Completes what is noted, as DSB does.</summary>
    public void CompleteMaintenance() => _maintenance.Complete();

    /// <summary>Lets complete maintenance take effect, as a context synchronisation event does. With a seed, the cache loses any page now and then.</summary>
    /// <param name="cpu">The vCPU.</param>
    public void Synchronise(CpuState* cpu)
    {
        if (_isCoherent)
        {
            return;
        }

        if (_maintenance.Take(out ReadOnlySpan<ulong> lines))
        {
            Invalidate(null);
        }
        else
        {
            foreach (ulong line in lines)
            {
                Invalidate(line);
            }
        }

        if (SeededChoice.HasSeed(cpu) && _pages.Count != 0 && SeededChoice.Next(cpu, 4) == 0)
        {
            byte* block = (byte*)_pages[SeededChoice.Next(cpu, _pages.Count)];
            Invalidate((Operation*)(block + DecodedPage.Size), 0, Flow.PageLength - 1);
        }
    }

    /// <summary>Empties the cache, unless it is coherent, which makes it forget nothing that could be told. The vCPUs stand still.</summary>
    public void DropStale()
    {
        if (_isCoherent)
        {
            return;
        }

        foreach (nint block in _pages)
        {
            if (_memory.TryGetPage(((DecodedPage*)block)->Pa, out RamPage page))
            {
                _memory.DropOperations(page);
            }

            NativeMemory.AlignedFree((void*)block);
        }

        _pages.Clear();
        _maintenance.Clear();
        _oldest = 0;
    }

    /// <summary>Gets the operations of a page.</summary>
    /// <param name="page">The page.</param>
    /// <returns>1024 operations and the one that goes on to the next page. They last until another page is asked for.</returns>
    public Operation* Get(in RamPage page)
    {
        if (*page.Operations is null)
        {
            *page.Operations = Fill(_pages.Count < _limit ? Allocate() : Reclaim(), page);
            if (_isCoherent)
            {
                _memory.SetFlag(page, PageFlags.Code);
            }
        }

        return *page.Operations;
    }

    /// <summary>Decodes one word.</summary>
    /// <param name="operation">The word's operation.</param>
    /// <param name="index">Its place in its page.</param>
    public void Decode(Operation* operation, int index)
    {
        Operation* operations = operation - index;
        uint word = DecodedPage.Of(operations)->Words[index];
        DecodeStatus status = Bind(operation, index, word);
        uint next = index + 1 < Flow.PageLength ? WordAt(operations, index + 1) : 0;
        if (status == DecodeStatus.Allocated && BranchFusion.IsPair(word, next))
        {
            Bind(operation + 1, index + 1, next);
            BranchFusion.Fuse(word, next, new OperationBuilder(operation, index, _threaded));
        }
    }

    /// <summary>Makes an operation of a word.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="index">Its place in its page.</param>
    /// <param name="word">The word.</param>
    /// <returns>What the decoder says of the word.</returns>
    public DecodeStatus Bind(Operation* operation, int index, uint word)
    {
        // Nothing of the word that stood here before: a binder sets only what its handler reads beyond the defaults.
        *operation = new Operation { Word = word };
        var builder = new OperationBuilder(operation, index, _threaded, Decoder.Features);
        builder.Use<Undefined>();
        A64Instruction instruction = Decoder.Decode(word);
        if (instruction.Status == DecodeStatus.Allocated)
        {
            _binders[instruction.EncodingIndex]?.Invoke(word, ref builder);
        }

        return instruction.Status;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (nint page in _pages)
        {
            NativeMemory.AlignedFree((void*)page);
        }

        _pages.Clear();
    }

    private byte* Allocate()
    {
        byte* block = (byte*)NativeMemory.AlignedAlloc(PageBytes, 64);
        _pages.Add((nint)block);
        return block;
    }

    /// <summary>Takes the operations of the oldest page that no vCPU executes.</summary>
    private byte* Reclaim()
    {
        // There are more pages than vCPUs, so this ends.
        while (true)
        {
            byte* block = (byte*)_pages[_oldest];
            _oldest = (_oldest + 1) % _limit;
            if (_memory.TryGetPage(((DecodedPage*)block)->Pa, out RamPage page) && _memory.TryDropOperations(page))
            {
                return block;
            }
        }
    }

    private Operation* Fill(byte* block, in RamPage page)
    {
        NativeMemory.Clear(block, PageBytes);
        var header = (DecodedPage*)block;
        header->Words = (uint*)page.Host;
        header->Pa = page.Pa;
        Operation* operations = (Operation*)(block + DecodedPage.Size);
        new OperationBuilder(operations + Model, 0, _threaded).Use<Undecoded>();
        NextPage.Bind(new OperationBuilder(operations + Flow.PageLength, Flow.PageLength, _threaded));
        Invalidate(operations, 0, Flow.PageLength - 1);
        return operations;
    }
}
