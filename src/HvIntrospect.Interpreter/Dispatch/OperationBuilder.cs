using HvIntrospect.Interpreter.State;
using HvIntrospect.Registers;

namespace HvIntrospect.Interpreter.Dispatch;

/// <summary>Fills in one operation while its word is bound.</summary>
internal unsafe ref struct OperationBuilder
{
    private readonly Operation* _operation;
    private readonly int _index;
    private readonly bool _threaded;
    private readonly A64Features _features;

    /// <summary>Initialises a builder.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="index">Its place in the page, 0 to 1024.</param>
    /// <param name="threaded">True for the tail-threaded dispatcher.</param>
    /// <param name="features">What the core implements, for instructions that do something else without a feature.</param>
    public OperationBuilder(Operation* operation, int index, bool threaded, A64Features features = A64Features.Armv8_0)
    {
        _operation = operation;
        _index = index;
        _threaded = threaded;
        _features = features;
    }

    /// <summary>Gets the operation's place in the page, 0 to 1023.</summary>
    public readonly int Index => _index;

    /// <summary>Gets the offset of the instruction in its page: PC is <see cref="CpuState.PageVa"/> plus this.</summary>
    public readonly int PageOffset => _index * 4;

    /// <summary>Gets the operation itself, for the operand fields.</summary>
    public readonly ref Operation Value => ref *_operation;

    /// <summary>Tells whether the core implements a feature.</summary>
    /// <param name="feature">The feature.</param>
    /// <returns>True when it does.</returns>
    public readonly bool Has(A64Features feature) => (_features & feature) == feature;

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
        Use(Handler<T>.Id);
    }

    /// <summary>Sets the handler of an operation with a slow path.</summary>
    /// <typeparam name="T">The operation.</typeparam>
    public readonly void UseWithSlowPath<T>()
        where T : struct, ISlowOperation
    {
        Use(SlowHandler<T>.Id);
    }

    /// <summary>Sets the handler of an unconditional direct branch.</summary>
    /// <typeparam name="TLater">The operation for a target behind the branch in its page: <see cref="LaterInPage"/>.</typeparam>
    /// <typeparam name="TEarlier">The operation for another target in the same page: <see cref="EarlierInPage"/>.</typeparam>
    /// <typeparam name="TOutside">The operation for a target in another page: <see cref="OutsidePage"/>.</typeparam>
    /// <param name="displacement">Bytes from the branch to its target, a multiple of 4.</param>
    public readonly void SetBranch<TLater, TEarlier, TOutside>(long displacement)
        where TLater : struct, IOperation
        where TEarlier : struct, IOperation
        where TOutside : struct, IOperation
    {
        if (!SetTarget(displacement))
        {
            Use<TOutside>();
        }
        else if (displacement > 0)
        {
            Use<TLater>();
        }
        else
        {
            Use<TEarlier>();
        }
    }

    /// <summary>Sets the handler of a conditional direct branch.</summary>
    /// <typeparam name="T">The branch.</typeparam>
    /// <param name="displacement">Bytes from the branch to its target, a multiple of 4.</param>
    public readonly void SetConditionalBranch<T>(long displacement)
        where T : struct, IBranch
    {
        if (!SetTarget(displacement))
        {
            Use(BranchHandler<T, OutsidePage>.Id);
        }
        else if (displacement > 0)
        {
            Use(BranchHandler<T, LaterInPage>.Id);
        }
        else
        {
            Use(BranchHandler<T, EarlierInPage>.Id);
        }
    }

    /// <summary>Lets the fast loop perform this operation together with the conditional direct branch behind it. Both are bound already, and stay so for everyone who executes one at a time.</summary>
    /// <typeparam name="T">What this operation does, and what decides the branch.</typeparam>
    /// <param name="displacement">Bytes from the branch to its target.</param>
    public readonly void FuseBranch<T>(long displacement)
        where T : struct, IBranch
    {
        long target = PageOffset + 4 + displacement;
        ushort id = target is < 0 or >= 4096 ? FusedBranchHandler<T, OutsidePage>.Id
            : displacement > 0 ? FusedBranchHandler<T, LaterInPage>.Id
            : FusedBranchHandler<T, EarlierInPage>.Id;
        _operation->Handler = _threaded ? HandlerTable.Threaded(id) : HandlerTable.Looped(id);
    }

    /// <summary>Prepares the count of an operation that uses <see cref="Flow.Jump"/>.</summary>
    public readonly void SetTransfer() => _operation->Count = (short)(_index + 1);

    /// <summary>Stores where a branch goes: the distance of the operations for a target in the page, else the offset from the start of the page.</summary>
    private readonly bool SetTarget(long displacement)
    {
        long target = PageOffset + displacement;
        if (target is < 0 or >= 4096)
        {
            _operation->Immediate = target;
            SetTransfer();
            return false;
        }

        _operation->Immediate = displacement * (Operation.Size / 4);
        _operation->Count = (short)(1 - (displacement / 4));
        return true;
    }

    private readonly void Use(ushort id)
    {
        _operation->HandlerId = id;
        _operation->Handler = _threaded ? HandlerTable.Threaded(id) : HandlerTable.Looped(id);
    }
}
