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

        // The load/store rows come first, so that their plans lie at their own indexes without gaps.
        int count = 0;
        while (count < rows.Length && rows[count].Group == EncodingGroup.LoadStores)
        {
            count++;
        }

        LoadStorePlans = new LoadStorePlan[count + 1];

        // No word has a one under a mask of zeros: entry 0 matches nothing.
        LoadStorePlans[0].Value = 1;
        for (int i = 1; i <= count; i++)
        {
            LoadStorePlans[i] = LoadStorePlanner.Plan(rows[i - 1]);
        }
    }

    /// <summary>Gets the one table, built when it is first asked for.</summary>
    public static EncodingTable Instance { get; } = Build();

    /// <summary>Gets the rows in the order of precedence; the row with <see cref="EncodingRow.Index"/> i is item i - 1.</summary>
    public IReadOnlyList<EncodingRow> Rows => _rows;

    /// <summary>Gets the plans of the load/store rows by row index; a load/store word selects no other row.</summary>
    public LoadStorePlan[] LoadStorePlans { get; }

    /// <summary>Gets a row.</summary>
    /// <param name="index">The row's index.</param>
    /// <returns>The row; null when there is none.</returns>
    public EncodingRow? Find(int index) => (uint)(index - 1) < (uint)_rows.Length ? _rows[index - 1] : null;

    /// <summary>Gets Arm's encoding id of a row.</summary>
    /// <param name="index">The row's index.</param>
    /// <returns>The id; empty when there is no such row.</returns>
    public string GetId(int index) => Find(index)?.Id ?? string.Empty;

    private static EncodingTable Build()
    {
        var builder = new EncodingTableBuilder();
        LoadStoreRows.AddTo(builder);
        DataProcessingImmediateRows.AddTo(builder);
        DataProcessingRegisterRows.AddTo(builder);
        BranchSystemRows.AddTo(builder);
        FloatingPointSimdRows.AddTo(builder);
        ScalableRows.AddTo(builder);
        return new EncodingTable(builder.Rows.ToArray());
    }
}
