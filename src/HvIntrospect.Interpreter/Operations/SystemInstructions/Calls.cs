using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.Exceptions;
using HvIntrospect.Interpreter.State;
using HvIntrospect.Registers;

namespace HvIntrospect.Interpreter.Operations.SystemInstructions;

/// <summary>Performs SVC, HVC and SMC.</summary>
internal static unsafe class Calls
{
    // What firmware answers to a call that it does not know (SMC Calling Convention).
    private const ulong NotSupported = ulong.MaxValue;

    /// <summary>Gets the immediate of an exception-generating instruction.</summary>
    /// <param name="word">The instruction.</param>
    /// <returns>Bits 20:5.</returns>
    public static ushort ImmediateOf(uint word) => (ushort)(word >> 5);

    /// <summary>Performs an SVC.</summary>
    /// <param name="cpu">The state.</param>
    /// <param name="operation">The instruction.</param>
    /// <returns>The next operation.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Operation* Supervisor(CpuState* cpu, Operation* operation) =>
        ExceptionEntry.Call(cpu, operation, CallSyndrome.Create(ExceptionClass.Svc64, ImmediateOf(operation->Word)), toEl2: false);

    /// <summary>Performs an HVC.</summary>
    /// <param name="cpu">The state.</param>
    /// <param name="operation">The instruction.</param>
    /// <returns>The next operation.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Operation* Hypervisor(CpuState* cpu, Operation* operation)
    {
        bool isUndefined = ProcessState.ExceptionLevel(cpu) == 0 || (cpu->System.HcrEl2 & (ulong)HcrBits.Hcd) != 0;
        return isUndefined
            ? ExceptionEntry.Undefined(cpu, operation)
            : ExceptionEntry.Call(cpu, operation, CallSyndrome.Create(ExceptionClass.Hvc64, ImmediateOf(operation->Word)), toEl2: true);
    }

    /// <summary>Performs an SMC: trapped to EL2, or a call to a firmware that knows no function.</summary>
    /// <param name="cpu">The state.</param>
    /// <param name="operation">The instruction.</param>
    /// <returns>The next operation.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Operation* SecureMonitor(CpuState* cpu, Operation* operation)
    {
        if (ProcessState.ExceptionLevel(cpu) == 0)
        {
            return ExceptionEntry.Undefined(cpu, operation);
        }

        if ((cpu->System.HcrEl2 & (ulong)HcrBits.Tsc) != 0)
        {
            return ExceptionEntry.TakeToEl2(cpu, operation, CallSyndrome.Create(ExceptionClass.Smc64, ImmediateOf(operation->Word)));
        }

        // The exception return from the firmware opens the exclusive monitor and sets the event register.
        cpu->X[0] = NotSupported;
        cpu->MonitorSize = 0;
        cpu->System.EventRegister = 1;
        return operation + 1;
    }
}
