using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Dispatch;

/// <summary>Fills in one operation while its word is bound.</summary>
internal unsafe ref struct OperationBuilder
{
    private readonly Operation* _operation;
    private readonly int _index;
    private readonly bool _threaded;

    /// <summary>Initialises a builder.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="index">Its place in the page, 0 to 1024.</param>
    /// <param name="threaded">True for the tail-threaded dispatcher.</param>
    public OperationBuilder(Operation* operation, int index, bool threaded)
    {
        _operation = operation;
        _index = index;
        _threaded = threaded;
    }

    /// <summary>Gets the operation's place in the page, 0 to 1023.</summary>
    public readonly int Index => _index;

    /// <summary>Gets the offset of the instruction in its page: PC is <see cref="CpuState.PageVa"/> plus this.</summary>
    public readonly int PageOffset => _index * 4;

    /// <summary>Gets the operation itself, for the operand fields.</summary>
    public readonly ref Operation Value => ref *_operation;

    /// <summary>Gets the offset of a general-purpose register as a source; number 31 is the zero register.</summary>
    /// <param name="register">0 to 31.</param>
    /// <returns>An offset into <see cref="CpuState"/>.</returns>
    public static ushort Source(uint register) => (ushort)(register * 8);

    /// <summary>Gets the offset of a general-purpose register as a destination; a result for number 31 is dropped.</summary>
    /// <param name="register">0 to 31.</param>
    /// <returns>An offset into <see cref="CpuState"/>.</returns>
    public static ushort Destination(uint register) => register == 31 ? (ushort)CpuState.SinkOffset : (ushort)(register * 8);

    /// <summary>Gets the offset of a general-purpose register, source or destination, where number 31 is the stack pointer.</summary>
    /// <param name="register">0 to 31.</param>
    /// <returns>An offset into <see cref="CpuState"/>.</returns>
    public static ushort OrSp(uint register) => register == 31 ? (ushort)CpuState.SpOffset : (ushort)(register * 8);

    /// <summary>Gets the offset of a SIMD&amp;FP register.</summary>
    /// <param name="register">0 to 31.</param>
    /// <returns>An offset into <see cref="CpuState"/>.</returns>
    public static ushort Vector(uint register) => (ushort)(CpuState.VectorOffset + (register * 16));

    /// <summary>Sets the handler.</summary>
    /// <typeparam name="T">The operation.</typeparam>
    public readonly void Use<T>()
        where T : struct, IOperation
    {
        ushort id = Handler<T>.Id;
        _operation->HandlerId = id;
        _operation->Handler = _threaded ? HandlerTable.Threaded(id) : HandlerTable.Looped(id);
    }

    /// <summary>Sets the handler of an operation with a slow path.</summary>
    /// <typeparam name="T">The operation.</typeparam>
    public readonly void UseWithSlowPath<T>()
        where T : struct, ISlowOperation
    {
        SlowHandler<T>.Register();
        Use<T>();
    }

    /// <summary>
    /// Sets the handler of a direct branch: one for a target in the page, which uses <see cref="Flow.Branch"/>, and one for another page, which uses
    /// <see cref="Flow.Jump"/> to <see cref="CpuState.PageVa"/> plus the immediate.
    /// </summary>
    /// <typeparam name="TInside">The operation for a target in the same page.</typeparam>
    /// <typeparam name="TOutside">The operation for a target in another page.</typeparam>
    /// <param name="displacement">Bytes from the branch to its target, a multiple of 4.</param>
    public readonly void SetBranch<TInside, TOutside>(long displacement)
        where TInside : struct, IOperation
        where TOutside : struct, IOperation
    {
        long target = PageOffset + displacement;
        if (target is >= 0 and < 4096)
        {
            _operation->Immediate = displacement * (Operation.Size / 4);
            _operation->Count = (short)(1 - (displacement / 4));
            Use<TInside>();
        }
        else
        {
            _operation->Immediate = target;
            SetTransfer();
            Use<TOutside>();
        }
    }

    /// <summary>Prepares the count of an operation that uses <see cref="Flow.Jump"/>.</summary>
    public readonly void SetTransfer() => _operation->Count = (short)(_index + 1);
}
