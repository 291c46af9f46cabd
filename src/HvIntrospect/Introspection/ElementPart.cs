using HvIntrospect.LoadStores;

namespace HvIntrospect.Introspection;

/// <summary>The bytes of an element that lie in one page.</summary>
internal readonly struct ElementPart
{
    private ElementPart(Ipa ipa, Va va, int offset, int size, int page)
    {
        Ipa = ipa;
        Va = va;
        Offset = offset;
        Size = size;
        Page = page;
    }

    /// <summary>Gets the IPA of the first byte.</summary>
    public Ipa Ipa { get; }

    /// <summary>Gets the virtual address of the first byte.</summary>
    public Va Va { get; }

    /// <summary>Gets where in the element the part begins.</summary>
    public int Offset { get; }

    /// <summary>Gets the number of bytes; 0 when the element has no such part.</summary>
    public int Size { get; }

    /// <summary>Gets which of the access's pages it lies in.</summary>
    public int Page { get; }

    /// <summary>Gets a part of an element.</summary>
    /// <param name="element">The element.</param>
    /// <param name="index">0 for the first page, 1 for the second.</param>
    /// <returns>The part; its size is 0 when the element lies in one page only.</returns>
    public static ElementPart Of(in LoadStoreElement element, int index) => index == 0
        ? new ElementPart(element.Ipa, element.Va, 0, element.FirstSize, element.Page)
        : new ElementPart(element.SecondIpa, element.Va + (ulong)element.FirstSize, element.FirstSize, element.Size - element.FirstSize, element.Page + 1);

    /// <summary>Takes the part's bytes out of the element's data.</summary>
    /// <param name="data">The element's data.</param>
    /// <returns>The part's data, zero-extended.</returns>
    public ulong Extract(ulong data) => (data >> (8 * Offset)) & (ulong.MaxValue >> (64 - (8 * Size)));

    /// <summary>Puts the part's bytes where they belong in the element's data.</summary>
    /// <param name="data">The part's data.</param>
    /// <returns>The element's data with zeros elsewhere.</returns>
    public ulong Place(ulong data) => (data & (ulong.MaxValue >> (64 - (8 * Size)))) << (8 * Offset);
}
