using HvIntrospect.Registers;

namespace HvIntrospect.A64;

/// <summary>Decodes A64 instruction words for one set of architecture features.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "A64 instruction set encoding". Immutable and thread-safe; it never throws for a word and never allocates.</remarks>
public sealed class A64Decoder
{
    // Bits 27 and 25: the group "Loads and stores" is x1x0 in bits 28:25.
    private const uint GroupMask = 0x0A00_0000;
    private const uint LoadStoreGroup = 0x0800_0000;

    private readonly uint[] _buckets;
    private readonly ushort[] _loadStoreWays;
    private readonly LoadStorePlan[] _plans;
    private readonly DecodeIndex _index;
    private readonly EncodingTable _table;

    /// <summary>Initialises a decoder. Everything that does not depend on the features is shared by all decoders.</summary>
    /// <param name="features">The features that the decoded instructions may need.</param>
    public A64Decoder(A64Features features = A64Features.All)
    {
        Features = features;
        _table = EncodingTable.Instance;
        _index = DecodeIndex.Instance;
        _buckets = _index.Buckets;
        _loadStoreWays = (ushort[])_index.Ways.Clone();
        _plans = _table.LoadStorePlans;

        // A way whose first row is disabled, or of another group, leads to row 0, which no word matches: the fast path needs no test for either.
        for (int i = 0; i < _loadStoreWays.Length; i++)
        {
            if (_loadStoreWays[i] >= _plans.Length || (_loadStoreWays[i] != 0 && !IsEnabled(_table.Rows[_loadStoreWays[i] - 1])))
            {
                _loadStoreWays[i] = 0;
            }
        }
    }

    /// <summary>Gets a decoder for everything up to Armv9.4.</summary>
    public static A64Decoder Default { get; } = new();

    /// <summary>Gets the number of encodings in the table; their indexes are 1 to this number.</summary>
    public static int EncodingCount => EncodingTable.Instance.Rows.Count;

    /// <summary>Gets the features that the decoder was made for.</summary>
    public A64Features Features { get; }

    /// <summary>Gets Arm's encoding id of an entry of the table.</summary>
    /// <param name="encodingIndex">1 to <see cref="EncodingCount"/>.</param>
    /// <returns>The id; empty for a number outside of the table.</returns>
    public static string GetEncodingId(int encodingIndex) => EncodingTable.Instance.GetId(encodingIndex);

    /// <summary>Gets Arm's name of the class that an entry of the table belongs to.</summary>
    /// <param name="encodingIndex">1 to <see cref="EncodingCount"/>.</param>
    /// <returns>The name, for example <c>ldst_immpost</c>; empty for a number outside of the table.</returns>
    public static string GetEncodingClass(int encodingIndex) => EncodingTable.Instance.Find(encodingIndex)?.Section.Name ?? string.Empty;

    /// <summary>Gets the features that an entry of the table needs, all of them.</summary>
    /// <param name="encodingIndex">1 to <see cref="EncodingCount"/>.</param>
    /// <returns>The features; none for a number outside of the table.</returns>
    public static A64Features GetFeature(int encodingIndex) => EncodingTable.Instance.Find(encodingIndex)?.Feature ?? A64Features.Armv8_0;

    /// <summary>Finds the first encoding whose fixed bits a word has, whatever its fields and the features are: what an UNDEFINED word is closest to.</summary>
    /// <param name="word">The instruction word.</param>
    /// <returns>1 to <see cref="EncodingCount"/>; 0 when no pattern matches.</returns>
    public static int FindPattern(uint word)
    {
        DecodeIndex index = DecodeIndex.Instance;
        uint bucket = index.Buckets[word >> DecodeIndex.BucketShift];
        int way = (int)((bucket & 0xFFFF) + ((word >> (int)(bucket >> 16)) & (bucket >> 24)));
        int next = index.More[way];
        int found = index.Ways[way];
        while (found != 0 && !EncodingTable.Instance.Rows[found - 1].Matches(word))
        {
            found = next == 0 ? 0 : index.Chains[next++];
        }

        return found;
    }

    /// <summary>Decodes a word of any group.</summary>
    /// <param name="word">The instruction word.</param>
    /// <returns>Its encoding and whether it is allocated.</returns>
    public A64Instruction Decode(uint word)
    {
        int index = Find(word, out int disabled);
        if (index == 0)
        {
            return new A64Instruction(word, disabled, disabled == 0 ? DecodeStatus.Unallocated : DecodeStatus.MissingFeature);
        }

        return new A64Instruction(word, index, _table.Rows[index - 1].Section.IsModelled ? DecodeStatus.Allocated : DecodeStatus.NotModelled);
    }

    /// <summary>Decodes a load/store whose effect the architecture defines.</summary>
    /// <param name="word">The instruction word.</param>
    /// <param name="access">Receives the operands.</param>
    /// <returns>True for <see cref="LoadStoreStatus.Valid"/>; false for anything else, CONSTRAINED UNPREDICTABLE words included.</returns>
    public bool TryDecodeLoadStore(uint word, out LoadStoreAccess access) => DecodeLoadStore(word, out access) == LoadStoreStatus.Valid;

    /// <summary>Decodes a word as a load/store.</summary>
    /// <param name="word">The instruction word.</param>
    /// <param name="access">
    /// Receives the operands for <see cref="LoadStoreStatus.Valid"/> and <see cref="LoadStoreStatus.ConstrainedUnpredictable"/>, and a record
    /// without encoding for everything else.
    /// </param>
    /// <returns>The outcome.</returns>
    public LoadStoreStatus DecodeLoadStore(uint word, out LoadStoreAccess access)
    {
        uint bucket = _buckets[word >> DecodeIndex.BucketShift];
        ref readonly LoadStorePlan plan = ref _plans[_loadStoreWays[(int)((bucket & 0xFFFF) + ((word >> (int)(bucket >> 16)) & (bucket >> 24)))]];
        if ((word & plan.Mask) != plan.Value)
        {
            return DecodeOther(word, out access);
        }

        // The registers stay at their places in the word; those that the encoding does not name become 31.
        ulong registersAndFlags = plan.RegistersAndFlags | word;

        // Without a branch, since real code mixes the forms at random: a five-bit difference of zero, less one, sets the bit that tops it.
        uint neighbours = (uint)registersAndFlags ^ ((uint)registersAndFlags >> 5);
        uint pair = (uint)registersAndFlags ^ ((uint)registersAndFlags >> 10);
        ulong equal = ((neighbours - 0x21) & ~neighbours) | (ulong)((pair - 1) & ~pair) << 32 | LoadStorePlan.AlwaysSlow;
        if ((equal & plan.SlowPath) != 0)
        {
            return LoadStoreForms.Fill(plan, word, out access);
        }

        uint field = (word >> plan.ImmediatePosition) & plan.ImmediateMask;
        uint immediate = (((field ^ plan.ImmediateSign) - plan.ImmediateSign) << plan.ImmediateScale) + plan.ImpliedImmediate;
        access = new LoadStoreAccess(word | (ulong)immediate << 32, registersAndFlags, plan.Identity, plan.Sizes);
        return LoadStoreStatus.Valid;
    }

    /// <summary>What the first candidate did not settle: other groups, overlapping rows, missing features, unallocated words.</summary>
    private LoadStoreStatus DecodeOther(uint word, out LoadStoreAccess access)
    {
        if ((word & GroupMask) != LoadStoreGroup)
        {
            access = default;
            return LoadStoreStatus.NotLoadStore;
        }

        int index = Find(word, out int disabled);
        if (index == 0)
        {
            access = default;
            return disabled == 0 ? LoadStoreStatus.Unallocated : LoadStoreStatus.MissingFeature;
        }

        return LoadStoreForms.Fill(_plans[index], word, out access);
    }

    private bool IsEnabled(EncodingRow row) => (row.Feature & ~Features) == 0;

    /// <summary>Finds the first enabled row that a word matches; a row whose fields make the word UNDEFINED ends the search.</summary>
    /// <param name="word">The instruction word.</param>
    /// <param name="disabled">Receives the first row that matches but needs a missing feature; 0 for none.</param>
    /// <returns>The row's index; 0 for none.</returns>
    private int Find(uint word, out int disabled)
    {
        uint bucket = _buckets[word >> DecodeIndex.BucketShift];
        int way = (int)((bucket & 0xFFFF) + ((word >> (int)(bucket >> 16)) & (bucket >> 24)));
        int next = _index.More[way];
        disabled = 0;
        for (int index = _index.Ways[way]; index != 0; index = next == 0 ? 0 : _index.Chains[next++])
        {
            EncodingRow row = _table.Rows[index - 1];
            if (!row.Matches(word))
            {
                continue;
            }

            if (UndefinedRules.IsUndefined(row.Section.UndefinedRule, word))
            {
                return 0;
            }

            // A hint of a later extension is the older instruction where the extension is missing (RPRFM is PRFM).
            if (IsEnabled(row))
            {
                return index;
            }

            disabled = disabled == 0 ? index : disabled;
        }

        return 0;
    }
}
