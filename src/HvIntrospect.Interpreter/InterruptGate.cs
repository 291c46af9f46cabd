using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter;

/// <summary>Holds back the virtual interrupts of one vCPU.</summary>
internal sealed unsafe class InterruptGate : IInterruptGate
{
    private readonly Processor _processor;

    /// <summary>Initialises the gate, open.</summary>
    /// <param name="processor">The vCPU's engine.</param>
    public InterruptGate(Processor processor)
    {
        _processor = processor;
    }

    /// <inheritdoc/>
    public bool IsClosed => _processor.LiveState->InterruptsHeld != 0;

    /// <inheritdoc/>
    public void Close() => _processor.LiveState->InterruptsHeld = 1;

    /// <inheritdoc/>
    public void Open() => _processor.LiveState->InterruptsHeld = 0;
}
