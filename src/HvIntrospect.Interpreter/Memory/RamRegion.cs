using System;
using System.Runtime.InteropServices;
using HvIntrospect.Interpreter.Dispatch;

namespace HvIntrospect.Interpreter.Memory;

/// <summary>A contiguous range of RAM in native memory, zeroed, with the bookkeeping of its pages.</summary>
internal sealed unsafe class RamRegion : IDisposable
{
    private void* _allocation;
    private PageFlags* _flags;
    private Operation** _operations;

    /// <summary>Allocates a region.</summary>
    /// <param name="pa">The physical address of the first byte, a multiple of 4096.</param>
    /// <param name="length">The length in bytes, a multiple of 4096 above 0.</param>
    public RamRegion(ulong pa, ulong length)
    {
        Pa = pa;
        Length = length;
        nuint pages = (nuint)(length >> PhysicalMemory.PageShift);

        // A large zeroed allocation is lazily backed by the host, so that a big guest costs what it touches.
        _allocation = NativeMemory.AllocZeroed((nuint)(length + PhysicalMemory.PageSize));
        Host = (byte*)(((nuint)_allocation + (nuint)PhysicalMemory.PageSize - 1) & ~((nuint)PhysicalMemory.PageSize - 1));
        _flags = (PageFlags*)NativeMemory.AllocZeroed(pages);
        _operations = (Operation**)NativeMemory.AllocZeroed(pages, (nuint)sizeof(Operation*));
    }

    /// <summary>Frees what a forgotten <see cref="Dispose"/> left.</summary>
    ~RamRegion()
    {
        Free();
    }

    /// <summary>Gets the physical address of the first byte.</summary>
    public ulong Pa { get; }

    /// <summary>Gets the length in bytes.</summary>
    public ulong Length { get; }

    /// <summary>Gets the bytes.</summary>
    public byte* Host { get; private set; }

    /// <summary>Gets one page.</summary>
    /// <param name="offset">A byte of it, relative to the region; the caller has checked it.</param>
    /// <returns>The page.</returns>
    public RamPage Page(ulong offset)
    {
        nuint index = (nuint)(offset >> PhysicalMemory.PageShift);
        ulong start = offset & ~(PhysicalMemory.PageSize - 1);
        return new RamPage(Pa + start, Host + start, _flags + index, _operations + index);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        NativeMemory.Free(_allocation);
        NativeMemory.Free(_flags);
        NativeMemory.Free(_operations);
        _allocation = null;
        _flags = null;
        _operations = null;
        Host = null;
    }
}
