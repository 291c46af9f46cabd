using System;
using HvIntrospect.Peers;

namespace HvIntrospect.Tests.Differential;

/// <summary>The executor that shares no code: Unicorn on flat memory.</summary>
internal sealed class UnicornLeg : ILeg, IDisposable
{
    // EL1h, interrupts masked.
    private const uint Pstate = 0x3c5;
    private const uint Flags = 0xf000_0000;

    // Unicorn 2.0.1 crashes after some tens of thousands of translated blocks.
    private const int CasesOfAnEngine = 10_000;

    private readonly UnicornState _state = new();
    private UnicornEngine _engine = Make();
    private int _cases;

    public string Name => "Unicorn";

    public Outcome Execute(LoadStoreCase given)
    {
        if (_cases++ == CasesOfAnEngine)
        {
            _cases = 0;
            _engine.Dispose();
            _engine = Make();
        }

        _engine.WriteCode(given.Pc, given.Word);
        _engine.Write(TestLayout.Data, given.Memory);
        given.X.CopyTo(_state.X, 0);
        given.V.CopyTo(_state.V, 0);
        _state.Sp = given.Sp;
        _state.Pc = given.Pc;
        _state.Pstate = Pstate | given.Nzcv;
        _engine.WriteState(_state);

        UnicornError error = _engine.Run(given.Pc, 0, 1);

        _engine.ReadState(_state);
        Outcome outcome = new()
        {
            Sp = _state.Sp,
            Pc = _state.Pc,
            Nzcv = _state.Pstate & Flags,
            Fault = error switch
            {
                UnicornError.None => FaultKind.None,
                UnicornError.ReadUnmapped or UnicornError.WriteUnmapped => FaultKind.Memory,
                UnicornError.Exception => FaultKind.Exception,
                _ => throw new InvalidOperationException($"Unicorn ended {given} by {error}."),
            },
            FaultAddress = _engine.Fault?.Address ?? 0,
            FaultIsWrite = error == UnicornError.WriteUnmapped,
        };
        _state.X.CopyTo(outcome.X, 0);
        _state.V.CopyTo(outcome.V, 0);
        _engine.Read(TestLayout.Data, outcome.Memory);
        return outcome;
    }

    public void Dispose() => _engine.Dispose();

    private static UnicornEngine Make()
    {
        UnicornEngine engine = new();
        engine.Map(TestLayout.Code, TestLayout.CodeSize);
        engine.Map(TestLayout.Data, TestLayout.DataSize);
        return engine;
    }
}
