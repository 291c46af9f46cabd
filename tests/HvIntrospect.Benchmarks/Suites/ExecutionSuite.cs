using System;
using System.Collections.Generic;
using System.Linq;
using HvIntrospect.Benchmarks.Measuring;
using HvIntrospect.Benchmarks.Reporting;
using HvIntrospect.Peers;

namespace HvIntrospect.Benchmarks.Suites;

/// <summary>Running guests: whole kernels, and one instruction at a time.</summary>
internal static class ExecutionSuite
{
    private const double NanosecondsPerMicrosecond = 1000;

    /// <summary>Measures.</summary>
    public static void Run(Harness harness, Report report)
    {
        report.Section("Execution: the same binaries, GCC -O2; ours behind Stage 2, Unicorn on flat memory");
        MeasureKernels(harness, report);
        MeasureSteps(harness, report);
    }

    private static void MeasureKernels(Harness harness, Report report)
    {
        List<double> mips = [];
        List<double> ratios = [];
        List<double> allocated = [];
        foreach (GuestKernel kernel in GuestKernel.All)
        {
            using MachineKernel machine = new(kernel);
            Contender ours = new("HvIntrospect", machine.Run);
            long instructions = machine.Run();
            allocated.Add(Allocation.PerUnit(ours));
            if (!Peer.Unicorn.IsAvailable)
            {
                mips.Add(NanosecondsPerMicrosecond / harness.Measure(ours).Nanoseconds);
                report.Detail(kernel.Name, mips[^1], "MIPS", string.Empty);
                continue;
            }

            using UnicornKernel unicorn = new(kernel);
            Contender theirs = new("Unicorn", () =>
            {
                _ = unicorn.Run();
                return instructions;
            });
            if (unicorn.Run() != machine.Checksum)
            {
                throw new InvalidOperationException($"The machine and Unicorn disagree on the checksum of {kernel.Name}.");
            }

            Timing[] timings = harness.Compare(ours, theirs);
            mips.Add(NanosecondsPerMicrosecond / timings[0].Nanoseconds);
            ratios.Add(timings[1].Over(timings[0]));
            report.Detail(kernel.Name, mips[^1], "MIPS", $"Unicorn {NanosecondsPerMicrosecond / timings[1].Nanoseconds:0}, {ratios[^1]:0.00}x");
        }

        report.Add(FigureNames.MipsGeomean, GeometricMean(mips), "MIPS", "geometric mean");
        if (Peer.Unicorn.IsAvailable)
        {
            report.Add(FigureNames.MipsVsUnicorn, GeometricMean(ratios), "x", "geometric mean of Unicorn's time over ours");
        }
        else
        {
            report.Skip(FigureNames.MipsVsUnicorn, Peer.Unicorn);
        }

        report.Add(FigureNames.AllocInstruction, allocated.Max(), "B", "an instruction, the worst kernel");
    }

    private static void MeasureSteps(Harness harness, Report report)
    {
        const int Steps = 1000;
        GuestKernel kernel = GuestKernel.All.First(static kernel => kernel.Name == "mixed");
        using MachineKernel machine = new(kernel);
        Contender ours = new(
            "HvIntrospect",
            () =>
            {
                for (int i = 0; i < Steps; i++)
                {
                    _ = machine.Machine.Run(machine.Vcpu, maxInstructions: 1);
                }

                return Steps;
            },
            machine.Restart);
        if (!Peer.Unicorn.IsAvailable)
        {
            report.Add(FigureNames.StepNs, harness.Measure(ours).Nanoseconds, "ns", "an instruction, one call each");
            report.Skip(FigureNames.StepVsUnicorn, Peer.Unicorn);
            return;
        }

        using UnicornKernel unicorn = new(kernel);
        Contender theirs = new(
            "Unicorn",
            () =>
            {
                for (int i = 0; i < Steps; i++)
                {
                    _ = unicorn.Engine.Run(unicorn.Engine.Pc, 0, 1);
                }

                return Steps;
            },
            unicorn.Restart);
        Timing[] timings = harness.Compare(ours, theirs);
        report.Add(FigureNames.StepNs, timings[0].Nanoseconds, "ns", "an instruction, one call each");
        report.Detail("Unicorn", timings[1].Nanoseconds, "ns", "uc_emu_start with count 1");
        report.Add(FigureNames.StepVsUnicorn, timings[1].Over(timings[0]), "x", "Unicorn's time over ours");
    }

    private static double GeometricMean(List<double> values) => Math.Exp(values.Average(Math.Log));
}
