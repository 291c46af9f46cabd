using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using HvIntrospect.Interpreter.Operations.LoadStores;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Dispatch;

/// <summary>Finds out whether the tail-threaded dispatcher can be used: whether its last call really is a jump in this process.</summary>
/// <remarks>Unoptimised code, a debugger or a profiler that asks for it, and other runtimes may make it a call; then the stack would grow with every instruction.</remarks>
internal static unsafe class DispatcherProbe
{
    private const int ShortRun = 1;
    private const int LongRun = 256;

    /// <summary>Gets a value indicating whether the stack keeps its height.</summary>
    public static bool IsThreadedUsable { get; } = StackAfter(ShortRun) == StackAfter(LongRun);

    private static ulong StackAfter(int length)
    {
        var operations = (Operation*)NativeMemory.AllocZeroed((nuint)length + 1, Operation.Size);
        var cpu = (CpuState*)NativeMemory.AllocZeroed((nuint)sizeof(CpuState));
        for (int i = 0; i < length; i++)
        {
            new OperationBuilder(operations + i, i, threaded: true).Use<Prefetch>();
        }

        operations[length].Handler = (delegate*<CpuState*, Operation*, Operation*>)&NoteStack;
        Start(cpu, operations);
        ulong stack = cpu->JumpTarget;
        NativeMemory.Free(cpu);
        NativeMemory.Free(operations);
        return stack;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Start(CpuState* cpu, Operation* operation) =>
        ((delegate*<CpuState*, Operation*, Operation*>)operation->Handler)(cpu, operation);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Operation* NoteStack(CpuState* cpu, Operation* operation)
    {
        int marker;
        cpu->JumpTarget = (ulong)&marker;
        return null;
    }
}
