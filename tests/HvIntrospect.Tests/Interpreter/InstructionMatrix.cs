using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using HvIntrospect.A64;
using HvIntrospect.Interpreter.Operations;
using HvIntrospect.Registers;

namespace HvIntrospect.Tests.Interpreter;

/// <summary>Makes the table of what the machine executes outside of the load/store group, from the encoding rows, its binders and the tests that compare them.</summary>
internal static class InstructionMatrix
{
    private const string Header =
        """
        # What the machine executes

        Made from the encoding rows and the machine's binders by a test, which fails when this file is out of date
        (`HVINTROSPECT_UPDATE_DOCS=1 dotnet test --filter InstructionMatrix` writes it anew). Loads and stores have [a table of their own](load-stores.md).

        - **encodings**: those of the class that the decoder knows, for the feature.
        - **executed**: those that the machine executes while the feature is on. Every other word is UNDEFINED, as is every word of a feature that is off,
          but for hints, which do nothing then.
        - **checked by**: executors that share no code, with random words, registers and flags. "cases of qemu-system-aarch64" are recorded programs with traps,
          exceptions and translations; "specification" means tests derived by hand from the manual.

        The encodings of FEAT_CSSC are not in the table of encodings; they are UNDEFINED.

        | group | class | feature | encodings | executed | checked by |
        | --- | --- | --- | --- | --- | --- |

        """;

    private const string Footer =
        """

        ## Long runs

        With `HVINTROSPECT_LONG=1` each of these comparisons makes at least 100,000 single instructions from seeds; without it a tenth or less. The
        last ones, of November 2026, found no difference but those that the tests name with their reason.

        | what | against | cases |
        | --- | --- | --- |
        | integer data processing | qemu-aarch64 7.2 | 2,000,000 |
        | flag manipulation | qemu-aarch64 7.2 | 200,000 |
        | branches | qemu-aarch64 7.2 | 120,000 |
        | scalar floating point | qemu-aarch64 7.2 | 2,000,000 |
        | Advanced SIMD | qemu-aarch64 7.2 | 3,000,000 |
        | pointer authentication | Unicorn 2.0.1 | 300,000 |
        | loads and stores | qemu-aarch64 7.2 | 300,000 |
        | loads and stores | Unicorn 2.0.1 | 200,000 |

        """;

    /// <summary>Makes the whole document.</summary>
    public static string Make()
    {
        var text = new StringBuilder(Header.ReplaceLineEndings("\n"));
        int executed = 0;
        int all = 0;
        IEnumerable<EncodingRow> rows = EncodingTable.Instance.Rows.Where(static row => row.Section is not LoadStoreSection);
        foreach (IGrouping<(EncodingGroup Group, string Class, A64Features Feature, string Oracle), EncodingRow> rowsOfLine in rows
            .GroupBy(static row => (row.Group, row.Section.Name, row.Feature, CheckedBy(row))))
        {
            bool isModelled = rowsOfLine.First().Section.IsModelled;
            int count = rowsOfLine.Count();
            int bound = rowsOfLine.Count(IsExecuted);
            string feature = rowsOfLine.Key.Feature == A64Features.Armv8_0
                ? "Armv8.0"
                : "FEAT_" + rowsOfLine.Key.Feature.ToString().Replace(", ", ", FEAT_", StringComparison.Ordinal);
            text.Append(CultureInfo.InvariantCulture, $"| {rowsOfLine.Key.Group} | {rowsOfLine.Key.Class} | {feature} | {(isModelled ? count : "all")} | {bound} | {rowsOfLine.Key.Oracle} |\n");
            all += isModelled ? count : 0;
            executed += bound;
        }

        text.Append(CultureInfo.InvariantCulture, $"\n{all} encodings, of which {executed} are executed and {all - executed} are UNDEFINED.\n");
        return text.Append(Footer.ReplaceLineEndings("\n")).ToString();
    }

    private static bool IsExecuted(EncodingRow row) => OperationTables.All.Binders.ContainsKey(row.Id);

    private static string CheckedBy(EncodingRow row) => row switch
    {
        _ when !IsExecuted(row) => "-",
        _ when WordOracles.IsPointerAuthentication(row) => "Unicorn",
        _ when WordOracles.IsFlagManipulation(row) || WordOracles.IsBranch(row) => "qemu-aarch64",
        _ when WordOracles.IsInteger(row) && (row.Feature & ~WordOracles.IntegerFeatures) == 0 => "qemu-aarch64",
        _ when (WordOracles.IsScalarFloatingPoint(row) || WordOracles.IsVector(row)) && row.Feature == A64Features.Armv8_0 => "qemu-aarch64",
        _ when row.Id.StartsWith("BTI_", StringComparison.Ordinal) => "qemu-aarch64",
        { Section.Name: "exception" or "systemmove" or "systeminstrs" } => "cases of qemu-system-aarch64",
        { StepClass: StepClass.Wait or StepClass.ExceptionReturn, Feature: A64Features.Armv8_0 } => "cases of qemu-system-aarch64",
        _ => "specification",
    };
}
