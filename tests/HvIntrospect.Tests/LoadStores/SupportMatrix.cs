using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using HvIntrospect.A64;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.Memory;
using HvIntrospect.Interpreter.Operations;
using HvIntrospect.Interpreter.Operations.LoadStores;
using HvIntrospect.LoadStores;
using HvIntrospect.Registers;
using HvIntrospect.Tests.A64;
using HvIntrospect.Tests.Differential;
using HvIntrospect.Tests.Interpreter;

namespace HvIntrospect.Tests.LoadStores;

/// <summary>Makes the table of what is done for each class of loads and stores, from the encoding rows and from what the code answers for each.</summary>
internal static unsafe class SupportMatrix
{
    private const string Header =
        """
        # Loads and stores: what is decoded, performed and watched

        Made from the encoding rows by a test, which fails when this file is out of date (`HVINTROSPECT_UPDATE_DOCS=1 dotnet test --filter SupportMatrix`
        writes it anew). Every encoding of the group is decoded and has a text, held to the vectors. The decoder was compared with a linear scan over the rows for
        all 2^30 words of the group: the same for each, with every feature on SWEEP.
        (`HVINTROSPECT_LONG=1 dotnet test --filter EveryLoadStoreWord --logger "console;verbosity=detailed" -- xUnit.ShowLiveOutput=true` does it again, in
        about two minutes.)

        - **decoded**: by every decoder that is given the feature, `A64Decoder.Default` among them; "on request" is what is newer than Armv9.4.
        - **printed**: as an assembly line, in the preferred form of LLVM, or of GNU where LLVM has none.
        - **performed**: by `LoadStoreSemantics`, the reference, for a trapped access. "with" names what the backend must offer; without it the access is
          reported as unsupported with that reason, and the policy decides. "no" names the `UnsupportedReason`: a Guarded Control Stack exists only by
          indirect permissions (FEAT_S1PIE), which the Stage 1 walk does not translate; features later than Armv9.4 are decoded only.
        - **machine**: the in-box machine has a handler of its own, or calls the reference; with the feature switched on, else the word is UNDEFINED. It has no
          128-bit descriptors, so that TCR2_EL1.D128 never enables what needs them.
        - **watched**: what handlers see: an event for each element, in the architecture's order. An element is a single-copy atomic access as "Requirements for
          single-copy atomicity" lists them: a register or a lane of up to 8 bytes; all of an atomic, up to 16 bytes; all of a store-exclusive pair that succeeds,
          and of a load-exclusive pair of words (of doublewords it is two reads); with FEAT_LSE2 all of any other pair of up to 16 bytes that lies in 16 aligned bytes of Write-Back
          memory, by Stage 1's attributes; 64 bytes at once. A Q register is two accesses of 8 bytes. What is not aligned is an element for each register all the same. Where
          the architecture promises nothing, single bytes, the events are the aligned pieces in which the library works: 8 bytes of DC ZVA and STZGM, 8 bytes or 1 of copies and sets.
          Devices are asked for at most 8 bytes at a time. An atomic whose comparison or check fails writes nothing and is a read.
        - **tags are not watched**: an instruction that moves Allocation Tags alone touches no byte of data and raises no event; STZG, STZ2G, STZGM and STGP are seen by the data they store.
        - **devices fault**: exclusives and atomics that reach no memory end in the IMPLEMENTATION DEFINED fault of the manual for them (DFSC 0b110101), a Stage 1 abort for the guest;
          so do 64-byte accesses that reach memory.
        - **checked by**: executors that share no code, with random registers, addresses and data, against the machine and the library. "specification-checked only"
          means tests derived by hand from the architecture's pseudocode, because no executor at hand implements the instructions.

        | class | feature | encodings | decoded | printed | performed | machine | watched | checked by |
        | --- | --- | --- | --- | --- | --- | --- | --- | --- |

        """;

    /// <summary>Makes the whole document.</summary>
    public static string Make()
    {
        string sweep = string.Create(
            CultureInfo.InvariantCulture,
            $"{SweepResult.Valid} valid, {SweepResult.ConstrainedUnpredictable} CONSTRAINED UNPREDICTABLE and {SweepResult.Unallocated} unallocated");
        var text = new StringBuilder(Header.ReplaceLineEndings("\n").Replace("SWEEP", sweep, StringComparison.Ordinal));
        int performed = 0;
        int all = 0;
        foreach (IGrouping<(string Class, A64Features Feature, string Line), EncodingRow> group in Rows().GroupBy(static row => (row.Section.Name, row.Feature, Describe(row))))
        {
            int count = group.Count();
            all += count;
            performed += LoadStoreBinders.IsPerformed(group.First()) ? count : 0;
            string feature = group.Key.Feature == A64Features.Armv8_0 ? "Armv8.0" : "FEAT_" + group.Key.Feature.ToString().Replace(", ", ", FEAT_", StringComparison.Ordinal);
            text.Append(CultureInfo.InvariantCulture, $"| {NameOf(group)} | {feature} | {count} | {group.Key.Line} |\n");
        }

        return text.Append(CultureInfo.InvariantCulture, $"\n{all} encodings, of which {performed} are performed.\n").ToString();
    }

    private static IEnumerable<EncodingRow> Rows() => EncodingTable.Instance.Rows.Where(static row => row.Section is LoadStoreSection);

    /// <summary>The class, and its mnemonics where they are few.</summary>
    private static string NameOf(IGrouping<(string Class, A64Features Feature, string Line), EncodingRow> group)
    {
        string[] mnemonics = [.. group.Select(static row => row.Id.Split('_')[0]).Distinct()];
        return mnemonics.Length <= 4 ? $"{group.Key.Class}: {string.Join(", ", mnemonics)}" : $"{group.Key.Class}: {mnemonics[0]} to {mnemonics[^1]}";
    }

    private static string Describe(EncodingRow row)
    {
        LoadStoreAccess access = Decode(row);
        return $"{Decoded(row)} | {Printed(access)} | {Performed(access)} | {InMachine(row)} | {Watched(access)} | {CheckedBy(row, access)}";
    }

    private static LoadStoreAccess Decode(EncodingRow row)
    {
        LoadStoreBinders.Decoder.DecodeLoadStore(row.Value | row.FieldMask('S'), out LoadStoreAccess access);
        return access;
    }

    private static string Decoded(EncodingRow row) =>
        A64Decoder.Default.DecodeLoadStore(row.Value | row.FieldMask('S'), out _) != LoadStoreStatus.MissingFeature ? "yes" : "on request";

    private static string Printed(in LoadStoreAccess access) =>
        access.ToString().StartsWith(".inst", StringComparison.Ordinal) ? "no" : "yes";

    private static string Performed(in LoadStoreAccess access)
    {
        if (!LoadStoreSemantics.IsSupported(access))
        {
            var bus = new FlatBus(new FlatMachine(0, []));
            return "no: " + LoadStoreSemantics.Perform(access, ref bus).Reason;
        }

        return access switch
        {
            { Kind: LoadStoreKind.Prefetch } => "nothing to do",
            { AccessesTags: true, TagGranules: 0, Stage: MemoryOperationStage.None } => "with `ITagMemory` and the block size in an ID register",
            { AccessesTags: true } => "with `ITagMemory`",
            { PointerAuthenticationKey: not PointerAuthenticationKey.None } => "with `IPointerAuthentication`",
            { IsReadCheckWrite: true, TotalSize: 16 } => "with `IWideSystemRegisters`, in memory while Stage 1 is off; devices fault",
            { IsReadCheckWrite: true } => "with TCR2_EL1, HCRX_EL2 and the masks readable, in memory; devices fault",
            { RegisterCount: 8 } when access.EncodingId.StartsWith("ST64BV0", StringComparison.Ordinal) => "for devices, with ACCDATA_EL1 readable",
            { RegisterCount: 8 } => "for devices; memory faults",
            { Stage: not MemoryOperationStage.None } => "yes, in parts",
            { Kind: LoadStoreKind.LoadStore } or { IsExclusive: true } => "yes, in memory; devices fault",
            _ => "yes",
        };
    }

    private static string InMachine(EncodingRow row)
    {
        using var memory = new PhysicalMemory();
        using var pages = new DecodedPages(memory, OperationTables.All, A64Features.All | A64Features.Later, threaded: false);
        Operation operation = default;

        // Registers that are all different: what is not predictable goes to the reference. Even ones, where pairs need that.
        uint word = row.Value | row.FieldMask('S') | Field(row, 't', 2) | Field(row, 'n', 1) | Field(row, '2', 3) | Field(row, 's', 4) | Field(row, 'm', 5) | Field(row, 'd', 6);
        pages.Bind(&operation, 0, word);
        return operation.HandlerId == Handler<Undefined>.Id ? "UNDEFINED"
            : (row.Feature & A64Features.D128) != 0 ? "reference; never enabled, so UNDEFINED"
            : operation.HandlerId == Handler<ReferenceLoadStore>.Id ? "reference"
            : "own handler";
    }

    private static uint Field(EncodingRow row, char letter, uint value)
    {
        uint mask = row.FieldMask(letter);
        return mask == 0 ? 0 : (value << int.TrailingZeroCount((int)mask)) & mask;
    }

    private static string Watched(in LoadStoreAccess access) => access switch
    {
        _ when !LoadStoreSemantics.IsSupported(access) => "the page",
        { Kind: LoadStoreKind.Prefetch } => "no access",
        { AccessesTags: true, TotalSize: 0, ZeroesData: false, Stage: MemoryOperationStage.None } => "tags are not watched",
        { Kind: LoadStoreKind.LoadStore, Stage: MemoryOperationStage.None } => "read and write in one",
        { Stage: not MemoryOperationStage.None } => "8 bytes or 1",
        _ => "each element",
    };

    private static string CheckedBy(EncodingRow row, in LoadStoreAccess access) =>
        !LoadStoreSemantics.IsSupported(access) ? "-"
        : row.Feature == A64Features.Armv8_0 ? "Unicorn, qemu-aarch64"
        : PointerAuthenticationTests.LoadRows.Contains(row) ? "Unicorn"
        : !ThreeLeggedTests.Rows.Contains(row) ? "specification-checked only"
        : "qemu-aarch64";
}
