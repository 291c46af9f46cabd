using System;

namespace HvIntrospect.LoadStores;

/// <summary>One element of an access: the bytes that one register names, one lane of a structure, or one half of a 16-byte register.</summary>
/// <remarks>
/// <para>Arm Architecture Reference Manual (DDI 0487), "Requirements for single-copy atomicity". An aligned element is a single-copy atomic access, or with the
/// <see cref="Followers"/> behind it a part of one. An unaligned one is one element all the same, as the instruction names it; it may lie in two pages.</para>
/// <para>A mutable record that is passed by reference; not thread-safe.</para>
/// </remarks>
public struct LoadStoreElement
{
    /// <summary>Gets or sets the virtual address of the first byte.</summary>
    public Va Va { readonly get; set; }

    /// <summary>Gets or sets the IPA of the first byte.</summary>
    public Ipa Ipa { readonly get; set; }

    /// <summary>Gets or sets the IPA of byte <see cref="FirstSize"/>, the start of the second page; meaningful when <see cref="CrossesPage"/>.</summary>
    public Ipa SecondIpa { readonly get; set; }

    /// <summary>Gets or sets the size in bytes: 1, 2, 4 or 8.</summary>
    public int Size { readonly get; set; }

    /// <summary>Gets or sets how many bytes lie in the first page; the same as <see cref="Size"/> when all do.</summary>
    public int FirstSize { readonly get; set; }

    /// <summary>Gets or sets which of the access's pages, 0 or 1, holds the first byte.</summary>
    public int Page { readonly get; set; }

    /// <summary>Gets or sets the bytes in memory order as a little-endian number: what a store writes or what a load has read. Bits above the size are 0.</summary>
    public ulong Data { readonly get; set; }

    /// <summary>
    /// Gets or sets how many of the elements behind this one belong to the same single-copy atomic access: 1 for the first of an atomic pair, 7 for that of 64 bytes, else 0. Such an
    /// access lies in one page.
    /// </summary>
    public int Followers { readonly get; set; }

    /// <summary>Gets a value indicating whether the element lies in two pages.</summary>
    public readonly bool CrossesPage => FirstSize < Size;

    /// <summary>Gets a value indicating whether the address is a multiple of the size, so that the access is single-copy atomic.</summary>
    public readonly bool IsAligned => (Ipa.Value & (ulong)(Size - 1)) == 0;

    /// <summary>Gets a one for each bit of <see cref="Data"/> that the element has.</summary>
    public readonly ulong DataMask => ulong.MaxValue >> (64 - (8 * Size));

    /// <summary>Gives elements the bytes of others, which are as many bytes but may be of another size.</summary>
    /// <param name="from">The elements with the bytes.</param>
    /// <param name="to">Receive them in <see cref="Data"/>.</param>
    public static void CopyData(ReadOnlySpan<LoadStoreElement> from, Span<LoadStoreElement> to)
    {
        int source = 0;
        int taken = 0;
        foreach (ref LoadStoreElement element in to)
        {
            element.Data = 0;
            for (int i = 0; i < element.Size; i++)
            {
                element.Data |= ((from[source].Data >> (8 * taken)) & 0xFF) << (8 * i);
                if (++taken == from[source].Size)
                {
                    source++;
                    taken = 0;
                }
            }
        }
    }

    /// <summary>Gets the IPA of one byte.</summary>
    /// <param name="offset">0 up to <see cref="Size"/> - 1, which is not checked.</param>
    /// <returns>The address.</returns>
    public readonly Ipa IpaOf(int offset) =>
        offset < FirstSize ? new Ipa(Ipa.Value + (ulong)offset) : new Ipa(SecondIpa.Value + (ulong)(offset - FirstSize));
}
