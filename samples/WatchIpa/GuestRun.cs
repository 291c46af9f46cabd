using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Threading;
using HvIntrospect.Exceptions;
using HvIntrospect.Interpreter;
using HvIntrospect.Introspection;
using HvIntrospect.Mmio;
using HvIntrospect.Registers;

namespace HvIntrospect.Samples.WatchIpa;

/// <summary>The machine with its guest, its devices and the watches, and the loop that runs it.</summary>
internal sealed class GuestRun : IDisposable
{
    private readonly IReport _report;
    private readonly Progress _progress;
    private readonly Machine _machine;
    private readonly Vcpu _vcpu;
    private readonly Introspector _introspector;
    private readonly WatchLog _log;
    private readonly GuestLines _lines;
    private readonly GuestState _state;
    private readonly VectorLoopDetector _vectorLoops;
    private readonly ulong _limit;
    private ulong _exits;
    private VcpuExit? _lastException;

    public GuestRun(GuestImage image, IEnumerable<WatchTarget> watches, Options options, IReport report, Progress progress)
    {
        _report = report;
        _progress = progress;
        _limit = options.Limit ?? ulong.MaxValue;
        _machine = Platform.CreateMachine(image.Ram);
        _vcpu = _machine.Vcpus[0];
        image.Load(_machine.Memory);
        _vcpu.ModifyCore().Pc = new Va(image.Entry.Value);

        _introspector = new Introspector(_machine, new IntrospectorOptions { UseInlineFilter = options.IsInline, ReportHandler = OnReport });
        _lines = new GuestLines(report.OnGuestLine);
        _introspector.Mmio.Map(Platform.Uart, Platform.CreateUart(_lines.Add));

        _log = new WatchLog(image.Symbols, report);
        foreach (WatchTarget watch in watches)
        {
            _introspector.AddWatch(watch.Range, watch.Kinds, _log.OnAccess, watch.Name);
        }

        var code = new GuestCode(_machine.Memory, _machine.Options.AddressBits);
        _state = new GuestState(_vcpu, code, image.Symbols);
        _vectorLoops = new VectorLoopDetector(_vcpu, code);
    }

    /// <summary>Runs the guest to its end and reports it.</summary>
    /// <param name="cancellation">Stops the guest.</param>
    /// <returns>The end.</returns>
    public RunEnd Run(CancellationToken cancellation)
    {
        RunEnd end;
        _progress.Start();
        using (cancellation.Register(_vcpu.RequestExit))
        {
            end = RunToEnd(cancellation);
        }

        TimeSpan elapsed = _progress.Elapsed;
        _lines.Complete();
        if (!end.IsNormal)
        {
            _report.OnAbnormalEnd(end.Reason, _state.Describe(_lastException));
        }

        IntrospectionStatistics statistics = _introspector.Statistics;
        _report.OnSummary(new RunSummary(
            _vcpu.RetiredInstructions, _exits, _log.Count, (ulong)statistics.Emulated, (ulong)statistics.Stepped, elapsed.TotalSeconds, end.Word));
        return end;
    }

    public void Dispose()
    {
        _introspector.Dispose();
        _machine.Dispose();
    }

    private RunEnd RunToEnd(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            ulong left = _limit - _vcpu.RetiredInstructions;
            if (left == 0)
            {
                return new RunEnd(RunEnd.Limit, $"the guest has retired {_limit} instructions, the limit");
            }

            VcpuExit exit = _machine.Run(_vcpu, Math.Min(left, _vectorLoops.SliceLength));
            bool wasExit = exit.Kind != VcpuExitKind.Canceled;
            if (wasExit && Decide(exit) is RunEnd end)
            {
                return end;
            }

            if (_vectorLoops.IsStuck(wasExit))
            {
                return new RunEnd(RunEnd.Stuck, "the guest faults in its own exception vectors, again and again");
            }

            _progress.Update(_vcpu.RetiredInstructions, _log.Count);
        }

        return new RunEnd(RunEnd.Interrupted, "the guest was interrupted");
    }

    /// <summary>Decides an exit.</summary>
    /// <returns>The end of the run, or null when it goes on.</returns>
    private RunEnd? Decide(in VcpuExit exit)
    {
        _exits++;
        switch (exit.Kind)
        {
            case VcpuExitKind.Halted:
                return new RunEnd(RunEnd.Halted, "the guest waits for an interrupt that can never come");
            case VcpuExitKind.Exception when exit.Esr.Class == ExceptionClass.Hvc64 && exit.Esr.TryGetCall(out CallSyndrome call):
                return Psci.Handle(_vcpu, call.Immediate);
            default:
                return exit.Kind == VcpuExitKind.Exception ? DecideException(exit) : Conclude(exit, _introspector.Handle(_vcpu, exit));
        }
    }

    private RunEnd? DecideException(in VcpuExit exit)
    {
        _lastException = exit;
        Va pc = _vcpu.Core.Pc;
        ExceptionRegisters taken = _vcpu.Exception;
        RunEnd? end = Conclude(exit, _introspector.Handle(_vcpu, exit));
        bool isAbort = exit.Esr.Class is ExceptionClass.DataAbortLowerEl or ExceptionClass.InstructionAbortLowerEl;
        if (end is null && isAbort && _vcpu.Core.Pc == pc && _vcpu.Exception.ElrEl1 == pc.Value)
        {
            // The abort of the vector is taken at the same vector, for ever. The state before tells what the guest was to handle there.
            _vcpu.ModifyException() = taken;
            return new RunEnd(RunEnd.Stuck, $"the guest took an exception, and its exception vector at {pc} faults at once");
        }

        return end;
    }

    private RunEnd? Conclude(in VcpuExit exit, in VcpuAction action)
    {
        switch (action.Kind)
        {
            case VcpuActionKind.Resume:
                return null;
            case VcpuActionKind.Unhandled when exit.Kind == VcpuExitKind.Exception && exit.Esr.Class is ExceptionClass.Smc64 or ExceptionClass.SystemRegister:
                // There is no firmware below and nothing behind these registers: as on a core without EL3.
                ExceptionEntry.EnterEl1(
                    ref _vcpu.ModifyCore(), ref _vcpu.ModifyException(), new Sctlr(_vcpu.Translation.SctlrEl1), _machine.Features, El1Exception.Undefined);
                return null;
            default:
                return new RunEnd(RunEnd.Stopped, $"the guest was stopped: {action} after {exit}");
        }
    }

    private void OnReport(IntrospectionReport report) => _report.OnNote(report.ToString());
}
