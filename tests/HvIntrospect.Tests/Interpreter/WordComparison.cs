using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using HvIntrospect.A64;
using HvIntrospect.Interpreter.Operations;
using HvIntrospect.Interpreter.State;
using HvIntrospect.Registers;
using HvIntrospect.Tests.Differential;
using Xunit;

namespace HvIntrospect.Tests.Interpreter;

/// <summary>Executes words in the interpreter and in the harness and compares everything.</summary>
internal static unsafe class WordComparison
{
    private const int MostReported = 20;

    private const int Batch = 100_000;
    private const int LongFactor = 50;
    private static readonly bool s_isLong = Environment.GetEnvironmentVariable("HVINTROSPECT_LONG") == "1";

    /// <summary>Executes cases of all bound encodings that a condition covers, many more in a long run.</summary>
    /// <param name="model">The harness's processor model.</param>
    /// <param name="features">The features of the interpreter.</param>
    /// <param name="count">How many cases.</param>
    /// <param name="isCovered">The condition.</param>
    public static void AssertEqual(string model, A64Features features, int count, Func<EncodingRow, bool> isCovered)
    {
        EncodingRow[] rows =
        [
            .. EncodingTable.Instance.Rows.Where(row => (row.Feature & ~features) == 0 && isCovered(row) && OperationTables.All.Binders.ContainsKey(row.Id)),
        ];
        int total = s_isLong ? count * LongFactor : count;
        for (int done = 0; done < total; done += Batch)
        {
            AssertEqual(model, features, rows, Math.Min(Batch, total - done), seed: done + 1);
        }
    }

    /// <summary>Executes cases both ways.</summary>
    /// <param name="model">The harness's processor model.</param>
    /// <param name="features">The features of the interpreter.</param>
    /// <param name="rows">The encodings that words are made of, in turn.</param>
    /// <param name="count">How many cases.</param>
    /// <param name="seed">What the cases depend on.</param>
    /// <param name="aim">Adjusts a state, so that branches lead somewhere; returns false when the case cannot be used.</param>
    public static void AssertEqual(
        string model, A64Features features, IReadOnlyList<EncodingRow> rows, int count, int seed, Func<EncodingRow, HarnessState, Random, HarnessState?>? aim = null)
    {
        var random = new Random(seed);
        var states = new HarnessState[count];
        for (int i = 0; i < count;)
        {
            EncodingRow row = rows[i % rows.Count];
            HarnessState state = WordCases.MakeState(random);
            state.Word = WordCases.MakeWord(row, random);
            HarnessState? aimed = aim is null ? state : aim(row, state, random);
            if (aimed is HarnessState usable && EncodingTable.Instance.Rows.First(first => first.Matches(usable.Word)) == row)
            {
                states[i++] = usable;
            }
        }

        AssertEqual(model, features, states, seed);
    }

    /// <summary>Executes given states both ways.</summary>
    /// <param name="model">The harness's processor model.</param>
    /// <param name="features">The features of the interpreter.</param>
    /// <param name="states">The states.</param>
    /// <param name="seed">What they depend on, for the message.</param>
    public static void AssertEqual(string model, A64Features features, HarnessState[] states, int seed)
    {
        int count = states.Length;
        IReadOnlyList<HarnessResult> expected = Aarch64Harness.Execute(model, WordCases.Code, WordCases.CodeSize, states);
        var report = new StringBuilder();
        int differing = 0;
        using var scratch = new ScratchProcessor(threaded: true, features);
        for (int i = 0; i < count; i++)
        {
            string difference = Compare(scratch, states[i], expected[i]);
            if (difference.Length != 0 && differing++ < MostReported)
            {
                report.AppendLine($"{NameOf(states[i].Word)} {states[i].Word:x8} case {i} fpcr {states[i].Fpcr:x}:{difference}");
                Describe(report, states[i]);
            }
        }

        Assert.True(differing == 0, $"{differing} of {count} cases of seed {seed} differ:{Environment.NewLine}{report}");
    }

    private static string NameOf(uint word) => EncodingTable.Instance.Rows.FirstOrDefault(row => row.Matches(word))?.Id ?? "no encoding";

    private static string Compare(ScratchProcessor scratch, HarnessState given, HarnessResult expected)
    {
        CpuState* cpu = scratch.State;
        scratch.WriteWords(given.Pc, given.Word);
        for (int i = 0; i < 31; i++)
        {
            cpu->X[i] = given.X[i];
        }

        for (int i = 0; i < 64; i++)
        {
            cpu->V[i] = given.V[i];
        }

        cpu->Sp = given.Sp;
        cpu->Pc = given.Pc;
        cpu->Fpcr = given.Fpcr;
        cpu->Fpsr = given.Fpsr;
        cpu->System.EsrEl1 = ulong.MaxValue;
        ProcessState.WriteFlags(cpu, given.Pstate);
        scratch.Execute(1);

        bool isUndefined = cpu->System.EsrEl1 != ulong.MaxValue;
        bool isUndefinedThere = expected.Ending.Signal == HarnessEnding.IllegalInstruction;
        if (isUndefined || isUndefinedThere)
        {
            return isUndefined == isUndefinedThere ? string.Empty : isUndefined ? " UNDEFINED here only" : " UNDEFINED there only";
        }

        HarnessState wanted = expected.State;
        var difference = new StringBuilder();
        for (int i = 0; i < 31; i++)
        {
            Note(difference, $"x{i}", wanted.X[i], cpu->X[i]);
        }

        for (int i = 0; i < 64; i++)
        {
            Note(difference, $"v{i / 2}[{i % 2}]", wanted.V[i], cpu->V[i]);
        }

        Note(difference, "sp", wanted.Sp, cpu->Sp);
        Note(difference, "pc", wanted.Pc, cpu->Pc);
        Note(difference, "nzcv", wanted.Pstate & ProcessState.FlagsMask, ProcessState.ReadFlags(cpu));
        Note(difference, "fpcr", wanted.Fpcr, cpu->Fpcr);
        Note(difference, "fpsr", wanted.Fpsr, cpu->Fpsr);
        Note(difference, "zero register", 0, cpu->Zero);
        return difference.ToString();
    }

    private static void Note(StringBuilder difference, string name, ulong wanted, ulong found)
    {
        if (wanted != found)
        {
            difference.Append($" {name} is {found:x} and should be {wanted:x}");
        }
    }

    private static void Describe(StringBuilder report, HarnessState given)
    {
        uint word = given.Word;
        foreach (uint register in (uint[])[word & 31, (word >> 5) & 31, (word >> 16) & 31, (word >> 10) & 31])
        {
            ulong x = register == 31 ? given.Sp : given.X[register];
            report.AppendLine($"    {register}: x {x:x16} v {given.V[(2 * register) + 1]:x16}_{given.V[2 * register]:x16}");
        }

        report.AppendLine($"    pc {given.Pc:x} nzcv {given.Pstate >> 28:x} fpsr {given.Fpsr:x}");
    }
}
