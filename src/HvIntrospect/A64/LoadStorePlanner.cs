using System;

namespace HvIntrospect.A64;

/// <summary>Works out a row's <see cref="LoadStorePlan"/> from its class and its fixed bits, as the manual's decode pseudocode does.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "Loads and stores" of "A64 instruction set encoding". Not thread-safe: one planner a row.</remarks>
internal sealed class LoadStorePlanner
{
    private readonly EncodingRow _row;
    private readonly uint _value;
    private LoadStoreKind _kind;
    private AddressingMode _mode;
    private LoadStoreOperation _operation;
    private LoadStoreOperands _operands = LoadStoreOperands.Rt;
    private LoadStoreFlags _flags;
    private LoadStoreForm _form;
    private ConstrainedUnpredictable _reasons;
    private int _elementSize;
    private int _count = 1;
    private int _registerSize;
    private int _totalSize = -1;
    private int _granules;
    private int _structureElements;
    private int _impliedImmediate;
    private int _immediatePosition;
    private int _immediateWidth;
    private bool _immediateSigned;
    private int _immediateScale;
    private int _indexShift;
    private MemoryOperationStage _stage;

    private LoadStorePlanner(EncodingRow row)
    {
        _row = row;
        _value = row.Value;
    }

    private bool LoadBit => Bit(22);

    private bool IsLoad => _kind == LoadStoreKind.Load;

    /// <summary>Works out the plan of one row.</summary>
    /// <param name="row">A row of the load/store group.</param>
    /// <returns>Its plan.</returns>
    public static LoadStorePlan Plan(EncodingRow row)
    {
        var planner = new LoadStorePlanner(row);
        planner.PlanClass(((LoadStoreSection)row.Section).LoadStoreClass);
        return planner.Pack();
    }

    private static int Log2(int size) => size switch
    {
        1 => 0,
        2 => 1,
        4 => 2,
        8 => 3,
        _ => 4,
    };

    private static MemoryOperationStage Stage(int number) => number switch
    {
        0 => MemoryOperationStage.Prologue,
        1 => MemoryOperationStage.Main,
        _ => MemoryOperationStage.Epilogue,
    };

    private bool Bit(int position) => ((_value >> position) & 1) != 0;

    private int Bits(int high, int low) => (int)(_value >> low) & ((1 << (high - low + 1)) - 1);

    private void PlanClass(LoadStoreClass loadStoreClass)
    {
        switch (loadStoreClass)
        {
            case LoadStoreClass.ExclusiveRegister:
                PlanExclusive(1 << Bits(31, 30), pair: false);
                break;
            case LoadStoreClass.ExclusivePair:
                PlanExclusive(Bit(30) ? 8 : 4, pair: true);
                break;
            case LoadStoreClass.ExclusiveRegisterUnprivileged:
                PlanExclusive(Bit(30) ? 8 : 4, pair: false);
                _flags |= LoadStoreFlags.Unprivileged;
                break;
            case LoadStoreClass.Ordered:
                PlanOrdered();
                break;
            case LoadStoreClass.CompareAndSwap:
                PlanCompareAndSwap(1 << Bits(31, 30), pair: false, acquire: Bit(22), release: Bit(15));
                break;
            case LoadStoreClass.CompareAndSwapPair:
                PlanCompareAndSwap(Bit(30) ? 8 : 4, pair: true, acquire: Bit(22), release: Bit(15));
                break;
            case LoadStoreClass.CompareAndSwapUnprivileged:
            case LoadStoreClass.CompareAndSwapPairUnprivileged:
                PlanCompareAndSwap(8, loadStoreClass == LoadStoreClass.CompareAndSwapPairUnprivileged, acquire: Bit(22), release: Bit(15));
                _flags |= LoadStoreFlags.Unprivileged;
                break;
            case LoadStoreClass.ReadCheckWriteCompareAndSwap:
            case LoadStoreClass.ReadCheckWriteCompareAndSwapPair:
                PlanCompareAndSwap(8, loadStoreClass == LoadStoreClass.ReadCheckWriteCompareAndSwapPair, acquire: Bit(23), release: Bit(22));
                SetReadCheckWrite(soft: Bit(30));
                break;
            case LoadStoreClass.Literal:
                PlanLiteral();
                break;
            case LoadStoreClass.PairNoAllocate:
            case LoadStoreClass.PairPostIndexed:
            case LoadStoreClass.PairOffset:
            case LoadStoreClass.PairPreIndexed:
                PlanPair();
                break;
            case LoadStoreClass.UnscaledImmediate:
                PlanSingle(AddressingMode.Unscaled);
                break;
            case LoadStoreClass.Unprivileged:
                PlanSingle(AddressingMode.Unscaled);
                _flags |= LoadStoreFlags.Unprivileged;
                break;
            case LoadStoreClass.ImmediatePostIndexed:
                PlanSingle(AddressingMode.PostIndexed);
                break;
            case LoadStoreClass.ImmediatePreIndexed:
                PlanSingle(AddressingMode.PreIndexed);
                break;
            case LoadStoreClass.UnsignedImmediate:
                PlanSingle(AddressingMode.Offset);
                break;
            case LoadStoreClass.RegisterOffset:
                PlanSingle(AddressingMode.RegisterOffset);
                break;
            case LoadStoreClass.RcpcUnscaledImmediate:
            case LoadStoreClass.RcpcUnscaledImmediateSimd:
                PlanSingle(AddressingMode.Unscaled);
                _flags |= IsLoad ? LoadStoreFlags.AcquirePc : LoadStoreFlags.Release;
                break;
            case LoadStoreClass.PointerAuthentication:
                PlanPointerAuthentication();
                break;
            case LoadStoreClass.Atomic:
                PlanAtomic();
                break;
            case LoadStoreClass.AtomicUnprivileged:
                PlanArithmetic(Bit(30) ? 8 : 4);
                _flags |= LoadStoreFlags.Unprivileged;
                break;
            case LoadStoreClass.Atomic128:
                PlanAtomic128();
                break;
            case LoadStoreClass.AtomicFloatingPoint:
                PlanAtomicFloatingPoint();
                break;
            case LoadStoreClass.RcpcPair:
                PlanRcpcPair();
                break;
            case LoadStoreClass.OrderedPair:
                PlanOrderedPair();
                break;
            case LoadStoreClass.RcpcWriteback:
                PlanRcpcWriteback();
                break;
            case LoadStoreClass.MemoryTags:
                PlanTags();
                break;
            case LoadStoreClass.GuardedControlStack:
                SetGeneral(LoadStoreKind.Store, 8, 8);
                _mode = AddressingMode.Base;
                _flags |= LoadStoreFlags.GuardedControlStack | (Bit(12) ? LoadStoreFlags.Unprivileged : LoadStoreFlags.None);
                break;
            case LoadStoreClass.MemoryCopyAndSet:
            case LoadStoreClass.MemorySetTags:
                PlanMemoryOperation(loadStoreClass == LoadStoreClass.MemorySetTags);
                break;
            case LoadStoreClass.MultipleStructures:
            case LoadStoreClass.MultipleStructuresPostIndexed:
                PlanMultipleStructures();
                break;
            case LoadStoreClass.SingleStructure:
            case LoadStoreClass.SingleStructurePostIndexed:
                PlanSingleStructure();
                break;
            default:
                throw new InvalidOperationException("No plan for the class of " + _row);
        }
    }

    private void SetGeneral(LoadStoreKind kind, int elementSize, int registerSize)
    {
        _kind = kind;
        _elementSize = elementSize;
        _registerSize = registerSize;
    }

    private void SetSize(LoadStoreKind kind, int elementSize) => SetGeneral(kind, elementSize, Math.Max(elementSize, 4));

    private void SetVector(LoadStoreKind kind, int elementSize)
    {
        SetGeneral(kind, elementSize, elementSize);
        _flags |= LoadStoreFlags.Vector;
    }

    private void SetPrefetch()
    {
        _kind = LoadStoreKind.Prefetch;
        _operands &= ~LoadStoreOperands.Rt;
        _count = 0;
    }

    private void SetImmediate(int position, int width, bool signed, int scale)
    {
        _immediatePosition = position;
        _immediateWidth = width;
        _immediateSigned = signed;
        _immediateScale = scale;
    }

    private void SetWriteback(AddressingMode mode)
    {
        _mode = mode;
        _flags |= LoadStoreFlags.Writeback;
        if ((_flags & LoadStoreFlags.Vector) == 0 && !Tags())
        {
            _reasons |= IsLoad ? ConstrainedUnpredictable.WritebackOverlapsLoad : ConstrainedUnpredictable.WritebackOverlapsStore;
        }

        // The tag stores and STGP use the base's value from before the writeback: the architecture leaves no choice.
        bool Tags() => (_flags & LoadStoreFlags.Tags) != 0;
    }

    private void SetPair()
    {
        _count = 2;
        _operands |= LoadStoreOperands.Rt2;
        if (IsLoad)
        {
            _reasons |= ConstrainedUnpredictable.LoadPairOverlaps;
        }
    }

    private void SetReadCheckWrite(bool soft)
    {
        _flags |= LoadStoreFlags.ReadCheckWrite | (soft ? LoadStoreFlags.Soft : LoadStoreFlags.None);
    }

    private void SetOrder(bool acquire, bool release)
    {
        _flags |= (acquire ? LoadStoreFlags.Acquire : LoadStoreFlags.None) | (release ? LoadStoreFlags.Release : LoadStoreFlags.None);
    }

    /// <summary>The size and opc fields that most single-register classes share.</summary>
    private void SetFromSizeAndOpc()
    {
        int size = Bits(31, 30);
        int opc = Bits(23, 22);
        if (Bit(26))
        {
            SetVector((opc & 1) != 0 ? LoadStoreKind.Load : LoadStoreKind.Store, (opc & 2) != 0 ? 16 : 1 << size);
            return;
        }

        if (size == 3 && opc == 2)
        {
            SetPrefetch();
            return;
        }

        SetSize(opc == 0 ? LoadStoreKind.Store : LoadStoreKind.Load, 1 << size);
        if (opc >= 2)
        {
            // opc<0> set means the 32-bit register.
            _registerSize = opc == 2 ? 8 : 4;
            _flags |= LoadStoreFlags.SignExtends;
        }
    }

    private void PlanSingle(AddressingMode mode)
    {
        SetFromSizeAndOpc();
        _mode = mode;
        switch (mode)
        {
            case AddressingMode.Offset:
                SetImmediate(10, 12, signed: false, _kind == LoadStoreKind.Prefetch ? 3 : Log2(_elementSize));
                break;
            case AddressingMode.RegisterOffset:
                PlanIndex();
                break;
            default:
                SetImmediate(12, 9, signed: true, 0);
                break;
        }

        if (mode is AddressingMode.PreIndexed or AddressingMode.PostIndexed)
        {
            SetWriteback(mode);
        }
        else if ((_flags & LoadStoreFlags.Vector) == 0 && _kind != LoadStoreKind.Prefetch)
        {
            _flags |= LoadStoreFlags.ReportsSyndrome;
        }
    }

    private void PlanIndex()
    {
        _operands |= LoadStoreOperands.Rm;

        // The range prefetch holds a range in Rm, not an offset: it differs from PRFM in Rt<4:3>, which its pattern fixes.
        if (_kind == LoadStoreKind.Prefetch && (_row.Mask & 0x18) != 0)
        {
            _mode = AddressingMode.Base;
        }
        else
        {
            _indexShift = _kind == LoadStoreKind.Prefetch ? 3 : Log2(_elementSize);
        }
    }

    private void PlanExclusive(int elementSize, bool pair)
    {
        SetSize(LoadBit ? LoadStoreKind.Load : LoadStoreKind.Store, elementSize);
        _mode = AddressingMode.Base;
        _flags |= LoadStoreFlags.Exclusive;
        SetOrder(acquire: Bit(15) && IsLoad, release: Bit(15) && !IsLoad);
        if (pair)
        {
            SetPair();
        }

        if (!IsLoad)
        {
            _operands |= LoadStoreOperands.Rs;
            _reasons |= ConstrainedUnpredictable.StatusOverlapsData | ConstrainedUnpredictable.StatusOverlapsBase;
        }
    }

    private void PlanOrdered()
    {
        SetSize(LoadBit ? LoadStoreKind.Load : LoadStoreKind.Store, 1 << Bits(31, 30));
        _mode = AddressingMode.Base;
        SetOrder(acquire: IsLoad, release: !IsLoad);
        _flags |= LoadStoreFlags.ReportsSyndrome | (Bit(15) ? LoadStoreFlags.None : LoadStoreFlags.LORegion);
    }

    private void PlanCompareAndSwap(int elementSize, bool pair, bool acquire, bool release)
    {
        SetSize(LoadStoreKind.LoadStore, elementSize);
        _mode = AddressingMode.Base;
        _operation = LoadStoreOperation.CompareAndSwap;
        _operands |= LoadStoreOperands.Rs;
        SetOrder(acquire, release);
        if (pair)
        {
            SetPair();
            _operands |= LoadStoreOperands.Rs2;
            _form = LoadStoreForm.EvenPair;
        }
    }

    private void PlanLiteral()
    {
        int opc = Bits(31, 30);
        if (Bit(26))
        {
            SetVector(LoadStoreKind.Load, 4 << opc);
        }
        else if (opc == 3)
        {
            SetPrefetch();
        }
        else
        {
            SetGeneral(LoadStoreKind.Load, opc == 1 ? 8 : 4, opc == 0 ? 4 : 8);
            _flags |= LoadStoreFlags.MayReportSyndrome | (opc == 2 ? LoadStoreFlags.SignExtends : LoadStoreFlags.None);
        }

        _mode = AddressingMode.Literal;
        SetImmediate(5, 19, signed: true, 2);
    }

    private void PlanPair()
    {
        int opc = Bits(31, 30);
        LoadStoreKind kind = LoadBit ? LoadStoreKind.Load : LoadStoreKind.Store;
        int scale;
        if (Bit(26))
        {
            // opc 11 is the unprivileged pair of Q registers.
            SetVector(kind, opc == 3 ? 16 : 4 << opc);
            scale = Log2(_elementSize);
        }
        else if (opc == 1 && kind == LoadStoreKind.Store)
        {
            SetGeneral(kind, 8, 8);
            _flags |= LoadStoreFlags.Tags;
            _granules = 1;
            scale = 4;
        }
        else
        {
            SetGeneral(kind, opc <= 1 ? 4 : 8, opc == 0 ? 4 : 8);
            _flags |= opc == 1 ? LoadStoreFlags.SignExtends : LoadStoreFlags.None;
            scale = Log2(_elementSize);
        }

        if (opc == 3)
        {
            _flags |= LoadStoreFlags.Unprivileged;
        }

        SetPair();
        SetImmediate(15, 7, signed: true, scale);
        switch (Bits(24, 23))
        {
            case 0:
                _mode = AddressingMode.Offset;
                _flags |= LoadStoreFlags.NonTemporal;
                break;
            case 1:
                SetWriteback(AddressingMode.PostIndexed);
                break;
            case 2:
                _mode = AddressingMode.Offset;
                break;
            default:
                SetWriteback(AddressingMode.PreIndexed);
                break;
        }
    }

    private void PlanPointerAuthentication()
    {
        SetGeneral(LoadStoreKind.Load, 8, 8);
        _flags |= Bit(23) ? LoadStoreFlags.KeyB : LoadStoreFlags.KeyA;
        _form = LoadStoreForm.SplitImmediate;
        if (Bit(11))
        {
            SetWriteback(AddressingMode.PreIndexed);
        }
        else
        {
            _mode = AddressingMode.Offset;
            _flags |= LoadStoreFlags.ReportsSyndrome;
        }
    }

    private void PlanAtomic()
    {
        int size = Bits(31, 30);
        int opc = Bits(14, 12);
        if (!Bit(15) || opc == 0)
        {
            PlanArithmetic(1 << size);
        }
        else if (opc == 4)
        {
            SetSize(LoadStoreKind.Load, 1 << size);
            _mode = AddressingMode.Base;
            _flags |= LoadStoreFlags.AcquirePc | LoadStoreFlags.MayReportSyndrome;
        }
        else if (size == 3)
        {
            PlanSixtyFourBytes(opc);
        }
        else
        {
            PlanReadCheckWrite(8, soft: size == 1);
        }
    }

    /// <summary>LD&lt;op&gt; and SWP.</summary>
    private void PlanArithmetic(int elementSize)
    {
        SetSize(LoadStoreKind.LoadStore, elementSize);
        _mode = AddressingMode.Base;
        _operands |= LoadStoreOperands.Rs;
        SetOrder(acquire: Bit(23), release: Bit(22));
        _operation = Bit(15) ? LoadStoreOperation.Swap : Bits(14, 12) switch
        {
            0 => LoadStoreOperation.Add,
            1 => LoadStoreOperation.Clear,
            2 => LoadStoreOperation.ExclusiveOr,
            3 => LoadStoreOperation.Set,
            4 => LoadStoreOperation.SignedMaximum,
            5 => LoadStoreOperation.SignedMinimum,
            6 => LoadStoreOperation.UnsignedMaximum,
            _ => LoadStoreOperation.UnsignedMinimum,
        };
    }

    private void PlanSixtyFourBytes(int opc)
    {
        SetGeneral(opc == 5 ? LoadStoreKind.Load : LoadStoreKind.Store, 8, 8);
        _mode = AddressingMode.Base;
        _count = 8;
        _flags |= LoadStoreFlags.ReportsSyndrome;

        // ST64BV0 and ST64BV return a status in Rs.
        _operands |= opc is 2 or 3 ? LoadStoreOperands.Rs : LoadStoreOperands.None;
    }

    private void PlanReadCheckWrite(int elementSize, bool soft)
    {
        SetSize(LoadStoreKind.LoadStore, elementSize);
        _mode = AddressingMode.Base;
        _operands |= LoadStoreOperands.Rs;
        SetOrder(acquire: Bit(23), release: Bit(22));
        SetReadCheckWrite(soft);
        _operation = Bits(14, 12) switch
        {
            1 => LoadStoreOperation.Clear,
            2 => LoadStoreOperation.Swap,
            _ => LoadStoreOperation.Set,
        };
    }

    private void PlanAtomic128()
    {
        bool readCheckWrite = Bit(15) && Bits(14, 12) != 0;
        if (readCheckWrite)
        {
            PlanReadCheckWrite(8, soft: Bit(30));
        }
        else
        {
            PlanArithmetic(8);
        }

        // Both halves of the operand are in the registers that receive the old value: there is no Rs.
        _operands = LoadStoreOperands.Rt | LoadStoreOperands.Rt2;
        _count = 2;
        _form = LoadStoreForm.UpperRt2;
        _reasons |= ConstrainedUnpredictable.Atomic128Overlaps;
    }

    private void PlanAtomicFloatingPoint()
    {
        // Size 00 is the BFloat16 format.
        SetVector(LoadStoreKind.LoadStore, Bits(31, 30) == 0 ? 2 : 1 << Bits(31, 30));
        _mode = AddressingMode.Base;
        _operands = Bit(15) ? LoadStoreOperands.Rs : LoadStoreOperands.Rt | LoadStoreOperands.Rs;
        SetOrder(acquire: Bit(23), release: Bit(22));
        _operation = Bits(14, 12) switch
        {
            0 => LoadStoreOperation.FloatAdd,
            4 => LoadStoreOperation.FloatMaximum,
            5 => LoadStoreOperation.FloatMinimum,
            6 => LoadStoreOperation.FloatMaximumNumber,
            _ => LoadStoreOperation.FloatMinimumNumber,
        };
    }

    private void PlanRcpcPair()
    {
        PlanUpperPair();
        _flags |= IsLoad ? LoadStoreFlags.AcquirePc : LoadStoreFlags.Release;
        if (!Bit(12))
        {
            SetImpliedWriteback(2 * _elementSize);
        }
    }

    private void PlanOrderedPair()
    {
        PlanUpperPair();
        SetOrder(acquire: IsLoad && !Bit(13), release: !IsLoad);
        _flags |= IsLoad && Bit(13) ? LoadStoreFlags.AcquirePc : LoadStoreFlags.None;
    }

    private void PlanUpperPair()
    {
        SetSize(LoadBit ? LoadStoreKind.Load : LoadStoreKind.Store, Bit(30) ? 8 : 4);
        _mode = AddressingMode.Base;
        _form = LoadStoreForm.UpperRt2;
        SetPair();
    }

    private void PlanRcpcWriteback()
    {
        SetSize(LoadBit ? LoadStoreKind.Load : LoadStoreKind.Store, Bit(30) ? 8 : 4);
        _flags |= IsLoad ? LoadStoreFlags.AcquirePc : LoadStoreFlags.Release | LoadStoreFlags.MayReportSyndrome;
        SetImpliedWriteback(_elementSize);
    }

    /// <summary>Loads step up after the access, stores step down before it; the amount is the transfer size.</summary>
    private void SetImpliedWriteback(int size)
    {
        SetWriteback(IsLoad ? AddressingMode.PostIndexed : AddressingMode.PreIndexed);
        _impliedImmediate = IsLoad ? size : -size;
    }

    private void PlanTags()
    {
        int opc = Bits(23, 22);
        int op2 = Bits(11, 10);
        bool isLoad = op2 == 0 && (opc & 1) != 0;
        bool isBulk = op2 == 0 && opc != 1;
        SetGeneral(isLoad ? LoadStoreKind.Load : LoadStoreKind.Store, 0, 8);
        _flags |= LoadStoreFlags.Tags;
        if (isBulk)
        {
            _mode = AddressingMode.Base;
            _flags |= opc == 0 ? LoadStoreFlags.Zeroes : LoadStoreFlags.None;
            return;
        }

        _granules = opc >= 2 ? 2 : 1;
        if (!isLoad && (opc & 1) != 0)
        {
            _flags |= LoadStoreFlags.Zeroes;
            _elementSize = 16;
            _totalSize = 16 * _granules;
        }

        SetImmediate(12, 9, signed: true, 4);
        switch (op2)
        {
            case 1:
                SetWriteback(AddressingMode.PostIndexed);
                break;
            case 3:
                SetWriteback(AddressingMode.PreIndexed);
                break;
            default:
                _mode = AddressingMode.Offset;
                break;
        }
    }

    private void PlanMemoryOperation(bool tagsOnly)
    {
        bool isSet = Bits(23, 22) == 3;
        bool withTags = isSet && Bit(26);
        int options = Bits(15, 12);
        _kind = isSet ? LoadStoreKind.Store : LoadStoreKind.LoadStore;
        _operands = LoadStoreOperands.Rd | (tagsOnly ? LoadStoreOperands.None : LoadStoreOperands.Rs);
        _count = 0;
        _flags |= LoadStoreFlags.Writeback | (withTags ? LoadStoreFlags.Tags : LoadStoreFlags.None);
        _reasons |= ConstrainedUnpredictable.MemoryOperationRegisters;
        if (isSet)
        {
            _operation = tagsOnly ? LoadStoreOperation.FillTags : withTags ? LoadStoreOperation.FillWithTags : LoadStoreOperation.Fill;
            _stage = Stage(options >> 2);
            SetOptions((options & 1) != 0, (options & 2) != 0, readUnprivileged: false, readNonTemporal: false);
        }
        else
        {
            _operation = Bit(26) ? LoadStoreOperation.Copy : LoadStoreOperation.CopyForward;
            _stage = Stage(Bits(23, 22));
            SetOptions((options & 1) != 0, (options & 4) != 0, (options & 2) != 0, (options & 8) != 0);
        }
    }

    private void SetOptions(bool writeUnprivileged, bool writeNonTemporal, bool readUnprivileged, bool readNonTemporal)
    {
        _flags |= (writeUnprivileged ? LoadStoreFlags.WriteUnprivileged : LoadStoreFlags.None)
            | (writeNonTemporal ? LoadStoreFlags.WriteNonTemporal : LoadStoreFlags.None)
            | (readUnprivileged ? LoadStoreFlags.ReadUnprivileged : LoadStoreFlags.None)
            | (readNonTemporal ? LoadStoreFlags.ReadNonTemporal : LoadStoreFlags.None);
    }

    private void PlanMultipleStructures()
    {
        (_structureElements, _count) = Bits(15, 12) switch
        {
            0b0000 => (4, 4),
            0b0010 => (1, 4),
            0b0100 => (3, 3),
            0b0110 => (1, 3),
            0b0111 => (1, 1),
            0b1000 => (2, 2),
            _ => (1, 2),
        };
        _form = LoadStoreForm.MultipleStructures;
        PlanStructureAddress();
    }

    private void PlanSingleStructure()
    {
        _structureElements = (Bits(13, 13) << 1) + Bits(21, 21) + 1;
        _count = _structureElements;
        if (Bits(15, 14) == 3)
        {
            _form = LoadStoreForm.ReplicatedStructure;
            _flags |= LoadStoreFlags.Replicates;
        }
        else
        {
            _form = LoadStoreForm.SingleStructure;
            _flags |= LoadStoreFlags.SingleLane;

            // opcode 10x is S, or D when size<0> is fixed to one.
            _elementSize = Bits(15, 14) < 2 ? 1 << Bits(15, 14) : Bit(10) ? 8 : 4;
            _registerSize = 16;
        }

        PlanStructureAddress();
        if (!Bit(23) && Bits(20, 16) == 1)
        {
            _flags |= IsLoad ? LoadStoreFlags.AcquirePc : LoadStoreFlags.Release;
        }
    }

    private void PlanStructureAddress()
    {
        _kind = LoadBit ? LoadStoreKind.Load : LoadStoreKind.Store;
        _flags |= LoadStoreFlags.Vector;
        if (!Bit(23))
        {
            _mode = AddressingMode.Base;
        }
        else if ((_row.Mask & 0x1F_0000) != 0)
        {
            SetWriteback(AddressingMode.PostIndexed);
        }
        else
        {
            SetWriteback(AddressingMode.PostIndexedByRegister);
            _operands |= LoadStoreOperands.Rm;
        }
    }

    private ulong SlowPath()
    {
        const ConstrainedUnpredictable Writeback = ConstrainedUnpredictable.WritebackOverlapsLoad | ConstrainedUnpredictable.WritebackOverlapsStore;
        if (_form != LoadStoreForm.Simple
            || _row.Section.UndefinedRule != UndefinedRule.None
            || (_reasons & ~(Writeback | ConstrainedUnpredictable.LoadPairOverlaps)) != 0)
        {
            return LoadStorePlan.AlwaysSlow;
        }

        // Rt2 counts only where there is one: a register that the encoding does not name looks like SP.
        ulong slow = 0;
        slow |= (_reasons & Writeback) != 0 ? (_operands & LoadStoreOperands.Rt2) != 0 ? 0x210u : 0x10u : 0;
        slow |= (_reasons & ConstrainedUnpredictable.LoadPairOverlaps) != 0 ? 1UL << 36 : 0;
        return slow;
    }

    private LoadStorePlan Pack()
    {
        uint shouldBeOne = _row.FieldMask('S');
        if (shouldBeOne != 0)
        {
            _reasons |= ConstrainedUnpredictable.ShouldBeOne;
        }

        if ((_flags & LoadStoreFlags.ReportsSyndrome) != 0)
        {
            _flags |= LoadStoreFlags.MayReportSyndrome;
        }

        uint absent = 0;
        absent |= (_operands & (LoadStoreOperands.Rt | LoadStoreOperands.Rd)) == 0 ? 0x1Fu : 0;
        absent |= _mode == AddressingMode.Literal ? 0x3E0u : 0;
        absent |= (_operands & LoadStoreOperands.Rt2) == 0 ? 0x7C00u : 0;
        absent |= (_operands & (LoadStoreOperands.Rs | LoadStoreOperands.Rm)) == 0 ? 0x1F_0000u : 0;

        int totalSize = _totalSize >= 0 ? _totalSize : _count * _elementSize;
        return new LoadStorePlan
        {
            Mask = _row.Mask,
            Value = _row.Value,
            ImpliedImmediate = (uint)_impliedImmediate,
            RegistersAndFlags = absent | (ulong)((uint)_flags | ((uint)_stage << 25)) << 32,
            Identity = (ushort)_row.Index
                | (ulong)((LoadStoreSection)_row.Section).LoadStoreClass << 16
                | (ulong)_kind << 24
                | (ulong)_mode << 28
                | (ulong)_operation << 32
                | (ulong)(uint)_granules << 48
                | (ulong)_operands << 56,
            Sizes = LoadStoreSizes.Pack(_elementSize, _count, _registerSize, totalSize) | (ulong)(uint)_indexShift << 32 | (ulong)(uint)_structureElements << 40,
            ImmediateMask = (1u << _immediateWidth) - 1,
            ImmediateSign = _immediateSigned ? 1u << (_immediateWidth - 1) : 0,
            SlowPath = SlowPath(),
            ShouldBeOne = shouldBeOne,
            ImmediatePosition = (byte)_immediatePosition,
            ImmediateScale = (byte)_immediateScale,
            Form = _form,
            PossibleReasons = _reasons,
            UndefinedRule = _row.Section.UndefinedRule,
        };
    }
}
