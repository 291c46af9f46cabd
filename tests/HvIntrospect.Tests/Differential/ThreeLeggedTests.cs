using System;
using System.Collections.Generic;
using System.Linq;
using HvIntrospect.A64;
using HvIntrospect.LoadStores;
using HvIntrospect.Registers;
using HvIntrospect.Tests.LoadStores;
using HvIntrospect.Tests.Support;
using Xunit;

namespace HvIntrospect.Tests.Differential;

/// <summary>
/// Each case is executed three times: by the machine with the page mapped, by the library with the page denied, and by qemu-aarch64, which shares no code. All
/// three agree in registers, memory, PC and fault, whatever the class.
/// </summary>
public sealed class ThreeLeggedTests
{
    // The harness has no FEAT_LSE2, with which other unaligned accesses fault.
    private const A64Features Features = A64Features.All & ~A64Features.LSE2;

    // What qemu 7.2 implements at EL0 without a system call to enable it.
    private const A64Features OfHarness = A64Features.LSE | A64Features.LOR | A64Features.LRCPC | A64Features.LRCPC2 | A64Features.MTE | A64Features.MTE2;

    // On both sides of the border behind the denied page, with a page behind the window; and the last page, with nothing behind it.
    private const ulong AcrossPages = TestLayout.DeniedPage + (TestLayout.PageSize / 2);
    private const ulong LastPage = TestLayout.DataEnd - TestLayout.PageSize;

    // TCF and TCF0.
    private const SctlrBits SynchronousChecks = (SctlrBits)((1ul << 40) | (1ul << 38));

    private static readonly int s_cases = Environment.GetEnvironmentVariable("HVINTROSPECT_LONG") == "1" ? 100_000 : 4_000;

    /// <summary>Gets the rows that the harness executes.</summary>
    internal static EncodingRow[] Rows { get; } = [.. LoadStoreCaseGenerator.AllRows.Where(static row => (row.Feature & ~OfHarness) == 0 && !IsLargeTagStore(row))];

    [ToolTheory(Aarch64Harness.Tool)]
    [InlineData(AcrossPages, SctlrBits.None)]
    [InlineData(LastPage, SctlrBits.None)]
    [InlineData(AcrossPages, SctlrBits.Ata | SctlrBits.Ata0 | SynchronousChecks)]
    public void The_machine_the_library_and_qemu_agree(ulong window, SctlrBits bits)
    {
        List<LoadStoreCase> cases = MakeCases(window);
        IReadOnlyList<Outcome> independent = HarnessLeg.Execute(cases, window, (int)TestLayout.PageSize, checksTags: bits != SctlrBits.None);
        using NativeLeg native = new(Features, (ulong)bits);
        using WatchedLeg watched = new(usesInlineFilter: false, Features, (ulong)bits);
        for (int i = 0; i < cases.Count; i++)
        {
            LoadStoreCase given = cases[i];
            given.IsUser = i % 2 == 0;
            Outcome ours = native.Execute(given);
            OutcomeFields comparable = HarnessDeviations.Comparable(given, ours);
            AssertSame(given, "qemu", OutcomeComparison.Difference(given, independent[i], ours, comparable));
            AssertSame(given, "the library", OutcomeComparison.Difference(given, ours, watched.Execute(given), OutcomeFields.All));
        }

        Assert.Equal(Rows.Length, cases.Select(static given => given.Row).Union(Rows).Count());
        Assert.InRange(cases.Select(static given => given.Row).Distinct().Count(), Rows.Length * 9 / 10, Rows.Length);
        Assert.True(window != AcrossPages || watched.Trapped > cases.Count / 2, $"{watched.Trapped} accesses trapped");
    }

    /// <summary>Whatever handler the machine has for a row: it does what the reference does, at EL0 and EL1, in little-endian and big-endian order, with unaligned atomics and ordered accesses, and where tags are checked.</summary>
    [Theory]
    [InlineData(SctlrBits.None)]
    [InlineData(SctlrBits.Ee | SctlrBits.E0e)]
    [InlineData(SctlrBits.NAa)]
    [InlineData(SctlrBits.Ata | SctlrBits.Ata0 | SynchronousChecks)]
    [InlineData(SctlrBits.Ata | SctlrBits.Ata0 | SynchronousChecks | SctlrBits.Ee | SctlrBits.E0e)]
    public void The_machine_agrees_with_the_reference_in_every_row(SctlrBits bits)
    {
        using NativeLeg native = new(A64Features.All | A64Features.Later, (ulong)bits);
        using WatchedLeg watched = new(usesInlineFilter: false, A64Features.All | A64Features.Later, (ulong)bits);
        var reference = new SemanticsLeg((ulong)bits, hasUnalignedAtomics: true);
        var seen = new HashSet<EncodingRow>();
        int failedChecks = 0;
        for (int seed = 0; seed < 2 * s_cases; seed++)
        {
            LoadStoreCase given = LoadStoreCaseGenerator.Make(seed, LoadStoreCaseGenerator.AllRows);
            given.IsUser = seed % 2 == 0;
            Outcome expected = reference.Execute(given);
            seen.Add(given.Row);
            failedChecks += expected.Fault == FaultKind.TagCheck ? 1 : 0;
            AssertSame(given, "the machine", OutcomeComparison.Difference(given, expected, native.Execute(given), OutcomeFields.All));
            AssertSame(given, "the library", OutcomeComparison.Difference(given, expected, watched.Execute(given), OutcomeFields.All));
        }

        Assert.InRange(seen.Count, LoadStoreCaseGenerator.AllRows.Length * 9 / 10, LoadStoreCaseGenerator.AllRows.Length);
        Assert.Equal((bits & SynchronousChecks) != 0, failedChecks > s_cases / 20);
    }

    /// <summary>Memory copies and sets, of which each executor may do a part at a time: the registers, the bytes and the fault in the end are the same.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Memory_copies_and_sets_end_alike(bool usesOptionB)
    {
        LoadStoreChoices choices = LoadStoreChoices.Default.WithOptionB(usesOptionB);
        using NativeLeg native = new(Features, choices: choices);
        using WatchedLeg watched = new(usesInlineFilter: false, Features, choices: choices);
        var reference = new SemanticsLeg(choices: choices);
        for (int seed = 0; seed < s_cases / 4; seed++)
        {
            LoadStoreCase given = MakeMemoryOperation(seed);
            Outcome expected = reference.Execute(given);
            AssertSame(given, "the machine", OutcomeComparison.Difference(given, expected, native.Execute(given), OutcomeFields.All));
            AssertSame(given, "the library", OutcomeComparison.Difference(given, expected, watched.Execute(given), OutcomeFields.All));
        }

        Assert.True(watched.Trapped > s_cases / 4, $"{watched.Trapped} accesses trapped");
    }

    /// <summary>PSTATE.PAN and UAO: what LDTR and STTR may access is what EL0 may, unless UAO is set; PAN is for the others.</summary>
    [Fact]
    public void Unprivileged_accesses_follow_pan_and_uao()
    {
        const uint Pan = 1u << 22;
        const uint Uao = 1u << 23;
        using NativeLeg native = new(Features);
        using WatchedLeg watched = new(usesInlineFilter: false, Features);
        EncodingRow[] rows = [.. LoadStoreCaseGenerator.AllRows.Where(static row => ((LoadStoreSection)row.Section).LoadStoreClass is
            LoadStoreClass.Unprivileged or LoadStoreClass.UnscaledImmediate or LoadStoreClass.Atomic)];
        for (int seed = 0; seed < s_cases / 4; seed++)
        {
            LoadStoreCase given = LoadStoreCaseGenerator.Make(seed, rows);
            given.PstateBits = (uint)(seed & 3) << 22;
            Outcome ours = native.Execute(given);
            bool isDenied = (given.PstateBits & Pan) != 0 && (given.Class != LoadStoreClass.Unprivileged || (given.PstateBits & Uao) != 0);
            bool isMapped = given.Target >= TestLayout.Data && given.Target < TestLayout.DataEnd - sizeof(ulong);
            Assert.True(ours.Fault != FaultKind.Injected || isDenied, $"{ours.Fault} {given}");
            Assert.True(ours.Fault != FaultKind.None || !isDenied || !isMapped || IsPrefetch(given), $"{ours.Fault} {given}");
            AssertSame(given, "the library", OutcomeComparison.Difference(given, ours, watched.Execute(given), OutcomeFields.All));
        }
    }

    private static bool IsPrefetch(LoadStoreCase given) =>
        A64Decoder.Default.DecodeLoadStore(given.Word, out LoadStoreAccess access) == LoadStoreStatus.Valid && access.Kind == LoadStoreKind.Prefetch;

    /// <summary>Makes a memory copy or set around the border of the denied page, with registers in the form of either option, sometimes in none.</summary>
    internal static LoadStoreCase MakeMemoryOperation(int seed)
    {
        const uint FlagC = 1u << 29;
        const uint FlagN = 1u << 31;
        const int Rd = 1;
        const int Rs = 2;
        const int Rn = 3;
        var random = new Random(seed);
        EncodingRow[] rows = [.. EncodingTable.Instance.Rows.Where(static row => row.Section is LoadStoreSection { LoadStoreClass: LoadStoreClass.MemoryCopyAndSet })];
        EncodingRow row = rows[random.Next(rows.Length)];
        ulong size = (ulong)random.Next(300);
        ulong to = TestLayout.DeniedPage + (ulong)random.Next(-200, 200);
        ulong from = random.Next(2) == 0 ? TestLayout.Data + (ulong)random.Next(0x2F00) : to + (ulong)random.Next(-300, 300);
        if (row.Id.StartsWith("SETG", StringComparison.Ordinal) && random.Next(8) != 0)
        {
            size &= ~15ul;
            to &= ~15ul;
        }

        LoadStoreCase made = new(seed, row, row.Value | (Rs << 16) | (Rn << 5) | Rd) { Pc = TestLayout.Code, Target = to };
        random.NextBytes(made.Memory);
        made.Nzcv = random.Next(3) switch
        {
            0 => 0,
            1 => FlagC,
            _ => FlagC | FlagN,
        };
        bool isPrologue = A64Decoder.Default.DecodeLoadStore(made.Word, out LoadStoreAccess access) != LoadStoreStatus.Unallocated
            && access.Stage == MemoryOperationStage.Prologue;
        bool isBackwards = made.Nzcv == (FlagC | FlagN);
        bool isOptionA = made.Nzcv == 0 && !isPrologue;
        ulong shift = isOptionA || (isBackwards && !isPrologue) ? size : 0;
        made.X[Rd] = to + shift;
        made.X[Rs] = from + shift;
        made.X[Rn] = isOptionA && random.Next(8) != 0 ? 0 - size : size;
        return made;
    }

    private static void AssertSame(LoadStoreCase given, string leg, string? difference) => Assert.True(difference is null, $"{leg}: {difference} ({given})");

    /// <summary>LDGM and its kin are UNDEFINED at EL0, where the harness runs.</summary>
    private static bool IsLargeTagStore(EncodingRow row) => row.Id is "LDGM_64bulk_ldsttags" or "STGM_64bulk_ldsttags" or "STZGM_64bulk_ldsttags";

    /// <summary>Cases that access nothing but the window, or what is mapped nowhere.</summary>
    private static List<LoadStoreCase> MakeCases(ulong window)
    {
        List<LoadStoreCase> cases = [];
        for (int seed = 0; cases.Count < s_cases; seed++)
        {
            LoadStoreCase given = LoadStoreCaseGenerator.Make(seed, Rows);
            bool isInside = given.Target >= window && given.Target + TestLayout.LongestAccess <= window + TestLayout.PageSize;
            bool isAtEnd = window == LastPage && given.Target >= window;
            if (isInside || isAtEnd)
            {
                cases.Add(given);
            }
        }

        return cases;
    }
}
