using System.Collections.Generic;
using HvIntrospect.A64.Rows;

namespace HvIntrospect.A64;

/// <summary>All A64 encodings that the library knows, declared once: the decoder, the text and the tests come from these rows.</summary>
/// <remarks>
/// The rows stand in the files of the folder Rows, one a top-level group. Their order is their precedence. Immutable and thread-safe.
/// </remarks>
internal sealed class EncodingTable
{
    private readonly EncodingRow[] _rows;

    private EncodingTable(EncodingRow[] rows)
    {
        _rows = rows;
    }

    /// <summary>Gets the one table, built when it is first asked for.</summary>
    public static EncodingTable Instance { get; } = Build();

    /// <summary>Gets the rows in the order of precedence; the row with <see cref="EncodingRow.Index"/> i is item i - 1.</summary>
    public IReadOnlyList<EncodingRow> Rows => _rows;

    private static EncodingTable Build()
    {
        var builder = new EncodingTableBuilder();
        LoadStoreRows.AddTo(builder);
        DataProcessingImmediateRows.AddTo(builder);
        DataProcessingRegisterRows.AddTo(builder);
        BranchSystemRows.AddTo(builder);
        FloatingPointSimdRows.AddTo(builder);
        return new EncodingTable(builder.Rows.ToArray());
    }
}
