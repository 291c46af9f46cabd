using System.Buffers.Binary;
using HvIntrospect.A64;

namespace HvIntrospect.LoadStores;

/// <summary>What an atomic instruction makes of the bytes that it finds.</summary>
/// <remarks>Immutable and thread-safe. Values are bytes in memory order as little-endian numbers of up to 16 bytes, as elements hold them.</remarks>
public readonly struct AtomicUpdate
{
    private readonly LoadStoreOperation _operation;
    private readonly int _elementSize;
    private readonly int _size;
    private readonly bool _isBigEndian;
    private readonly VectorRegister _operand;
    private readonly VectorRegister _comparand;
    private readonly DescriptorChecks _checks;

    /// <summary>Makes an update.</summary>
    /// <param name="access">The instruction.</param>
    /// <param name="isBigEndian">True when data is big-endian.</param>
    /// <param name="operand">The number that is added, set, written and so on; bits above the size are ignored.</param>
    /// <param name="comparand">The number that a compare and swap expects.</param>
    /// <param name="checks">What a read-check-write instruction checks; the default for all others.</param>
    internal AtomicUpdate(in LoadStoreAccess access, bool isBigEndian, VectorRegister operand, VectorRegister comparand, in DescriptorChecks checks)
    {
        _operation = access.Operation;
        _elementSize = access.ElementSize;
        _size = access.TotalSize;
        _isBigEndian = isBigEndian;
        _operand = operand;
        _comparand = comparand;
        _checks = checks;
    }

    /// <summary>Computes what to write.</summary>
    /// <param name="found">What memory holds.</param>
    /// <param name="updated">What it is to hold; <paramref name="found"/> when nothing is written.</param>
    /// <returns>False when a comparison or a check fails and nothing is written.</returns>
    public bool TryApply(VectorRegister found, out VectorRegister updated)
    {
        VectorRegister old = ToRegisters(found);
        VectorRegister computed = Compute(old);
        bool isWritten = (_operation != LoadStoreOperation.CompareAndSwap || IsExpected(old))
            && (!_checks.AreMade || _checks.TryPass(ToDescriptor(old), ToDescriptor(computed), out _));
        updated = isWritten ? ToRegisters(computed) : found;
        return isWritten;
    }

    /// <summary>Computes what a read-check-write instruction says of itself.</summary>
    /// <param name="found">What it finds in memory.</param>
    /// <returns>NZCV in bits 31:28.</returns>
    internal uint FlagsFor(VectorRegister found)
    {
        VectorRegister old = ToRegisters(found);
        if (_operation == LoadStoreOperation.CompareAndSwap && !IsExpected(old))
        {
            return DescriptorChecks.ComparisonFailed;
        }

        _checks.TryPass(ToDescriptor(old), ToDescriptor(Compute(old)), out uint flags);
        return flags;
    }

    /// <summary>Changes between bytes in memory order and the registers' number; its own inverse.</summary>
    /// <param name="value">One of the two.</param>
    /// <returns>The other one.</returns>
    internal VectorRegister ToRegisters(VectorRegister value)
    {
        if (!_isBigEndian)
        {
            return value;
        }

        // Pairs of registers: the first register is at the lower address in either byte order.
        return _size == _elementSize
            ? new VectorRegister(Reverse(value.Low), 0)
            : _elementSize == sizeof(ulong)
                ? new VectorRegister(Reverse(value.Low), Reverse(value.High))
                : new VectorRegister(Reverse(value.Low & uint.MaxValue) | (Reverse(value.Low >> 32) << 32), 0);
    }

    /// <summary>The registers of a pair as one number: the first is the upper half of a big-endian one.</summary>
    private VectorRegister ToDescriptor(VectorRegister value) => _isBigEndian && _size > sizeof(ulong) ? new VectorRegister(value.High, value.Low) : value;

    private ulong Reverse(ulong value) => BinaryPrimitives.ReverseEndianness(value) >> (64 - (8 * _elementSize));

    private bool IsExpected(VectorRegister old) =>
        (old.Low & Mask) == (_comparand.Low & Mask) && (_size <= sizeof(ulong) || old.High == _comparand.High);

    private ulong Mask => _size >= sizeof(ulong) ? ulong.MaxValue : ulong.MaxValue >> (64 - (8 * _size));

    private VectorRegister Compute(VectorRegister old)
    {
        ulong low = Compute(old.Low & Mask, _operand.Low & Mask) & Mask;
        return new VectorRegister(low, _size <= sizeof(ulong) ? 0 : Compute(old.High, _operand.High));
    }

    /// <summary>Computes one register's worth. Of the arithmetic, only what needs no carry exists for 16 bytes.</summary>
    private ulong Compute(ulong old, ulong operand) => _operation switch
    {
        LoadStoreOperation.Add => unchecked(old + operand),
        LoadStoreOperation.Clear => old & ~operand,
        LoadStoreOperation.ExclusiveOr => old ^ operand,
        LoadStoreOperation.Set => old | operand,
        LoadStoreOperation.SignedMaximum => Signed(old) > Signed(operand) ? old : operand,
        LoadStoreOperation.SignedMinimum => Signed(old) > Signed(operand) ? operand : old,
        LoadStoreOperation.UnsignedMaximum => old > operand ? old : operand,
        LoadStoreOperation.UnsignedMinimum => old > operand ? operand : old,
        _ => operand,
    };

    private long Signed(ulong value)
    {
        int shift = 64 - (8 * _size);
        return unchecked((long)(value << shift) >> shift);
    }
}
