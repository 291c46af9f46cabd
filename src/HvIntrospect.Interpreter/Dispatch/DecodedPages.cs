using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using HvIntrospect.A64;
using HvIntrospect.Interpreter.Memory;
using HvIntrospect.Interpreter.Operations;
using HvIntrospect.Interpreter.Operations.Fusion;
using HvIntrospect.Registers;

namespace HvIntrospect.Interpreter.Dispatch;

/// <summary>The decoded pages of a machine: the instruction cache.</summary>
/// <remarks>Words are decoded when they are executed for the first time. A write to a page makes the written words undecoded again.</remarks>
internal sealed unsafe class DecodedPages : IDisposable
{
    // Behind the words' operations: the one that goes on to the next page, and a model of one that is not decoded.
    private const int Model = Flow.PageLength + 1;
    private const int PageBytes = DecodedPage.Size + ((Model + 1) * Operation.Size);
    private readonly List<nint> _pages = [];
    private readonly OperationBinder?[] _binders;
    private readonly bool _threaded;
    private readonly A64Decoder _decoder;
    private readonly PhysicalMemory _memory;

    /// <summary>Initialises an empty cache.</summary>
    /// <param name="memory">The RAM whose words are decoded.</param>
    /// <param name="table">The binders.</param>
    /// <param name="features">The features of the guest's vCPUs; encodings of others are UNDEFINED.</param>
    /// <param name="threaded">True for the tail-threaded dispatcher.</param>
    public DecodedPages(PhysicalMemory memory, OperationTable table, A64Features features, bool threaded)
    {
        _memory = memory;
        _decoder = new A64Decoder(features);
        _threaded = threaded;
        _binders = new OperationBinder?[A64Decoder.EncodingCount + 1];
        for (int i = 1; i < _binders.Length; i++)
        {
            _binders[i] = table.Binders.GetValueOrDefault(A64Decoder.GetEncodingId(i));
        }
    }

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

    /// <summary>Gets the operations of a page.</summary>
    /// <param name="page">The page.</param>
    /// <returns>1024 operations and the one that goes on to the next page.</returns>
    public Operation* Get(in RamPage page)
    {
        if (*page.Operations is null)
        {
            *page.Operations = Create(page);
            _memory.SetFlag(page, PageFlags.Code);
        }

        return *page.Operations;
    }

    /// <summary>Decodes one word.</summary>
    /// <param name="operation">The word's operation.</param>
    /// <param name="index">Its place in its page.</param>
    public void Decode(Operation* operation, int index)
    {
        uint* words = DecodedPage.Of(operation - index)->Words;
        Bind(operation, index, words[index]);
        if (index + 1 < Flow.PageLength && BranchFusion.IsPair(words[index], words[index + 1]))
        {
            Bind(operation + 1, index + 1, words[index + 1]);
            BranchFusion.Fuse(words[index], words[index + 1], new OperationBuilder(operation, index, _threaded));
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
        var builder = new OperationBuilder(operation, index, _threaded);
        builder.Use<Undefined>();
        A64Instruction instruction = _decoder.Decode(word);
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

    private Operation* Create(in RamPage page)
    {
        byte* block = (byte*)NativeMemory.AlignedAlloc(PageBytes, 64);
        _pages.Add((nint)block);
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
