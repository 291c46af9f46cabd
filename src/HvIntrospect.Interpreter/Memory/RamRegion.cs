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
    /// <param name="isGuest">True for the guest's RAM, false for EL2's.</param>
    public RamRegion(ulong pa, ulong length, bool isGuest)
    {
        IsGuest = isGuest;
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

    /// <summary>Gets a value indicating whether this is the guest's RAM.</summary>
    public bool IsGuest { get; }

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

    /// <summary>Sets flags of all pages.</summary>
    /// <param name="flags">The flags.</param>
    public void Set(PageFlags flags) => Change(flags, PageFlags.None);

    /// <summary>Takes flags of all pages away.</summary>
    /// <param name="flags">The flags.</param>
    public void Clear(PageFlags flags) => Change(PageFlags.None, flags);

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Change(PageFlags set, PageFlags clear)
    {
        for (nuint i = 0; i < (nuint)(Length >> PhysicalMemory.PageShift); i++)
        {
            RamPage.Change(_flags + i, set, clear);
        }
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
