using System.Runtime.InteropServices;

namespace HvIntrospect.Interpreter.Dispatch;

/// <summary>One decoded instruction word of a physical page: 32 bytes, without any guest address.</summary>
/// <remarks>
/// A page of code is 1024 operations and one more that goes on to the next page, so that "the next operation" is always the one behind.
/// A branch inside the page holds the distance between the two operations; everything else that depends on the address is relative to the
/// start of the page (<see cref="State.CpuState.PageVa"/>), so that one decoded page serves every virtual address it is mapped at.
/// </remarks>
[StructLayout(LayoutKind.Explicit, Size = Size)]
internal unsafe struct Operation
{
    /// <summary>The size in bytes.</summary>
    public const int Size = 32;

    /// <summary>The <see cref="Count"/> of an operation that is not one of a page but finishes the one in <see cref="State.CpuState.Current"/>.</summary>
    public const short Deferred = short.MinValue;

    /// <summary>The handler of the machine's dispatcher: <c>delegate*&lt;CpuState*, Operation*, Operation*&gt;</c>. May perform the next operation too.</summary>
    [FieldOffset(0)]
    public void* Handler;

    /// <summary>An immediate, in the form that the handler uses. For a branch inside the page: bytes from this operation to the target's.</summary>
    [FieldOffset(8)]
    public long Immediate;

    /// <summary>The instruction word.</summary>
    [FieldOffset(16)]
    public uint Word;

    /// <summary>For control transfers: what to subtract from the budget; see <see cref="State.CpuState.Budget"/>. Free for other operations.</summary>
    [FieldOffset(20)]
    public short Count;

    /// <summary>The number of the handler that performs this operation alone, in <see cref="HandlerTable"/>.</summary>
    [FieldOffset(22)]
    public ushort HandlerId;

    /// <summary>Offset into <see cref="State.CpuState"/> of the first operand, usually the destination.</summary>
    [FieldOffset(24)]
    public ushort Rd;

    /// <summary>Offset of the second operand.</summary>
    [FieldOffset(26)]
    public ushort Rn;

    /// <summary>Offset of the third operand, or anything that the handler wants.</summary>
    [FieldOffset(28)]
    public ushort Rm;

    /// <summary>Offset of the fourth operand, or anything that the handler wants.</summary>
    [FieldOffset(30)]
    public ushort Ra;
}
