using HvIntrospect.A64;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.LoadStores;
using HvIntrospect.Registers;

namespace HvIntrospect.Interpreter.Operations.LoadStores;

/// <summary>Binds the loads and stores: those of Armv8.0 that compilers emit to handlers of their own, all others to the reference.</summary>
internal static class LoadStoreBinders
{
    private const uint RegisterMask = 31;
    private const uint SimdBit = 1u << 26;
    private const uint LoadBit = 1u << 22;
    private const uint PairBit = 1u << 21;

    /// <summary>Gets a decoder of everything, later extensions too.</summary>
    public static A64Decoder Decoder { get; } = new(A64Features.All | A64Features.Later);

    /// <summary>Adds the binders.</summary>
    /// <param name="table">The table to add them to.</param>
    public static void AddTo(OperationTable table)
    {
        Bind(table, LoadStoreClass.UnsignedImmediate, BindUnsignedImmediate);
        Bind(table, LoadStoreClass.UnscaledImmediate, BindUnscaledImmediate);
        Bind(table, LoadStoreClass.Unprivileged, BindUnprivileged);
        Bind(table, LoadStoreClass.ImmediatePreIndexed, BindPreIndexed);
        Bind(table, LoadStoreClass.ImmediatePostIndexed, BindPostIndexed);
        Bind(table, LoadStoreClass.RegisterOffset, BindRegisterOffset);
        Bind(table, LoadStoreClass.Literal, BindLiteral);
        Bind(table, LoadStoreClass.PairOffset, BindPairOffset);
        Bind(table, LoadStoreClass.PairNoAllocate, BindPairOffset);
        Bind(table, LoadStoreClass.PairPreIndexed, BindPairPreIndexed);
        Bind(table, LoadStoreClass.PairPostIndexed, BindPairPostIndexed);
        Bind(table, LoadStoreClass.Ordered, BindOrdered);
        Bind(table, LoadStoreClass.ExclusiveRegister, BindExclusive);
        Bind(table, LoadStoreClass.ExclusivePair, BindExclusive);
        foreach (EncodingRow row in EncodingTable.Instance.Rows)
        {
            if (row.Section is LoadStoreSection && !table.Binders.ContainsKey(row.Id) && IsPerformed(row))
            {
                table.Bind(row.Id, BindReference);
            }
        }
    }

    /// <summary>Tells whether the reference performs the instructions of a row.</summary>
    /// <param name="row">A row of the load/store group.</param>
    /// <returns>False when they are UNDEFINED here.</returns>
    public static bool IsPerformed(EncodingRow row)
    {
        Decoder.DecodeLoadStore(row.Value | row.FieldMask('S'), out LoadStoreAccess access);
        return LoadStoreSemantics.IsSupported(access);
    }

    /// <summary>Binds a class to its handlers. What they do is defined for predictable instructions only.</summary>
    private static void Bind(OperationTable table, LoadStoreClass loadStoreClass, OperationBinder binder) =>
        table.Bind(loadStoreClass, (uint word, ref OperationBuilder builder) =>
        {
            if (Decoder.DecodeLoadStore(word, out _) == LoadStoreStatus.ConstrainedUnpredictable)
            {
                BindReference(word, ref builder);
            }
            else
            {
                binder(word, ref builder);
            }
        });

    private static void BindReference(uint word, ref OperationBuilder builder) => builder.Use<ReferenceLoadStore>();

    private static uint Rt(uint word) => word & RegisterMask;

    private static uint Rn(uint word) => (word >> 5) & RegisterMask;

    private static uint Rt2(uint word) => (word >> 10) & RegisterMask;

    private static uint Rm(uint word) => (word >> 16) & RegisterMask;

    private static bool IsSimd(uint word) => (word & SimdBit) != 0;

    private static bool IsLoad(uint word) => (word & LoadBit) != 0;

    private static long SignedBits(uint word, int shift, int width) => (long)((ulong)word << (64 - shift - width)) >> (64 - width);

    /// <summary>The logarithm of the size of a single register's access: size, or opc[1]:size for SIMD&amp;FP.</summary>
    private static int Scale(uint word) => (int)(word >> 30) | (IsSimd(word) ? (int)(word >> 21) & 4 : 0);

    private static void BindUnsignedImmediate(uint word, ref OperationBuilder builder)
    {
        builder.Value.Immediate = (long)((word >> 10) & 0xFFF) << Scale(word);
        BindSingle<Offset<GeneralBase>, Offset<StackBase>, PlainKind>(word, ref builder);
    }

    private static void BindUnscaledImmediate(uint word, ref OperationBuilder builder)
    {
        builder.Value.Immediate = SignedBits(word, 12, 9);
        BindSingle<Offset<GeneralBase>, Offset<StackBase>, PlainKind>(word, ref builder);
    }

    private static void BindUnprivileged(uint word, ref OperationBuilder builder)
    {
        builder.Value.Immediate = SignedBits(word, 12, 9);
        BindSingle<Offset<GeneralBase>, Offset<StackBase>, UnprivilegedKind>(word, ref builder);
    }

    private static void BindPreIndexed(uint word, ref OperationBuilder builder)
    {
        builder.Value.Immediate = SignedBits(word, 12, 9);
        BindSingle<PreIndex<GeneralBase>, PreIndex<StackBase>, PlainKind>(word, ref builder);
    }

    private static void BindPostIndexed(uint word, ref OperationBuilder builder)
    {
        builder.Value.Immediate = SignedBits(word, 12, 9);
        BindSingle<PostIndex<GeneralBase>, PostIndex<StackBase>, PlainKind>(word, ref builder);
    }

    private static void BindRegisterOffset(uint word, ref OperationBuilder builder)
    {
        const uint ScaleBit = 1u << 12;
        builder.Value.Rm = OperationBuilder.Source(Rm(word));
        builder.Value.Ra = (ushort)((word & ScaleBit) != 0 ? Scale(word) : 0);
        switch ((word >> 13) & 7)
        {
            case 0b010:
                BindSingle<RegisterOffset<GeneralBase, IndexUxtw>, RegisterOffset<StackBase, IndexUxtw>, PlainKind>(word, ref builder);
                break;
            case 0b110:
                BindSingle<RegisterOffset<GeneralBase, IndexSxtw>, RegisterOffset<StackBase, IndexSxtw>, PlainKind>(word, ref builder);
                break;
            default:
                BindSingle<RegisterOffset<GeneralBase, IndexX>, RegisterOffset<StackBase, IndexX>, PlainKind>(word, ref builder);
                break;
        }
    }

    private static void BindSingle<TGeneral, TStack, TKind>(uint word, ref OperationBuilder builder)
        where TGeneral : struct, IAddressing
        where TStack : struct, IAddressing
        where TKind : struct, IKind
    {
        builder.Value.Rn = OperationBuilder.OrSp(Rn(word));
        if (Rn(word) == RegisterMask)
        {
            BindSingle<TStack, TKind>(word, ref builder);
        }
        else
        {
            BindSingle<TGeneral, TKind>(word, ref builder);
        }
    }

    private static void BindSingle<TAddressing, TKind>(uint word, ref OperationBuilder builder)
        where TAddressing : struct, IAddressing
        where TKind : struct, IKind
    {
        if (IsSimd(word))
        {
            BindVector<TAddressing>(Scale(word), IsLoad(word), word, ref builder);
            return;
        }

        uint size = word >> 30;
        uint opc = (word >> 22) & 3;
        builder.Value.Rd = opc == 0 ? OperationBuilder.Source(Rt(word)) : OperationBuilder.Destination(Rt(word));
        switch ((opc << 2) | size)
        {
            case 0b0000:
                builder.UseWithSlowPath<Store<ByteElement, TAddressing, TKind>>();
                break;
            case 0b0001:
                builder.UseWithSlowPath<Store<HalfwordElement, TAddressing, TKind>>();
                break;
            case 0b0010:
                builder.UseWithSlowPath<Store<WordElement, TAddressing, TKind>>();
                break;
            case 0b0011:
                builder.UseWithSlowPath<Store<DoublewordElement, TAddressing, TKind>>();
                break;
            case 0b0100:
                builder.UseWithSlowPath<Load<ByteElement, TAddressing, TKind>>();
                break;
            case 0b0101:
                builder.UseWithSlowPath<Load<HalfwordElement, TAddressing, TKind>>();
                break;
            case 0b0110:
                builder.UseWithSlowPath<Load<WordElement, TAddressing, TKind>>();
                break;
            case 0b0111:
                builder.UseWithSlowPath<Load<DoublewordElement, TAddressing, TKind>>();
                break;
            case 0b1000:
                builder.UseWithSlowPath<Load<SignedByteElement, TAddressing, TKind>>();
                break;
            case 0b1001:
                builder.UseWithSlowPath<Load<SignedHalfwordElement, TAddressing, TKind>>();
                break;
            case 0b1010:
                builder.UseWithSlowPath<Load<SignedWordElement, TAddressing, TKind>>();
                break;
            case 0b1011:
                builder.Use<Prefetch>();
                break;
            case 0b1100:
                builder.UseWithSlowPath<Load<SignedByteTo32Element, TAddressing, TKind>>();
                break;
            default:
                builder.UseWithSlowPath<Load<SignedHalfwordTo32Element, TAddressing, TKind>>();
                break;
        }
    }

    private static void BindVector<TAddressing>(int scale, bool isLoad, uint word, ref OperationBuilder builder)
        where TAddressing : struct, IAddressing
    {
        builder.Value.Rd = OperationBuilder.Vector(Rt(word));
        switch (scale)
        {
            case 0:
                BindVector<VectorBElement, TAddressing>(isLoad, ref builder);
                break;
            case 1:
                BindVector<VectorHElement, TAddressing>(isLoad, ref builder);
                break;
            case 2:
                BindVector<VectorSElement, TAddressing>(isLoad, ref builder);
                break;
            case 3:
                BindVector<VectorDElement, TAddressing>(isLoad, ref builder);
                break;
            default:
                BindVector<VectorQElement, TAddressing>(isLoad, ref builder);
                break;
        }
    }

    private static void BindVector<TElement, TAddressing>(bool isLoad, ref OperationBuilder builder)
        where TElement : struct, IVectorElement
        where TAddressing : struct, IAddressing
    {
        if (isLoad)
        {
            builder.UseWithSlowPath<LoadVector<TElement, TAddressing>>();
        }
        else
        {
            builder.UseWithSlowPath<StoreVector<TElement, TAddressing>>();
        }
    }

    private static void BindLiteral(uint word, ref OperationBuilder builder)
    {
        builder.Value.Immediate = builder.PageOffset + (SignedBits(word, 5, 19) * 4);
        uint opc = word >> 30;
        if (IsSimd(word))
        {
            BindVector<Literal>((int)opc + 2, isLoad: true, word, ref builder);
            return;
        }

        builder.Value.Rd = OperationBuilder.Destination(Rt(word));
        switch (opc)
        {
            case 0:
                builder.UseWithSlowPath<Load<WordElement, Literal, PlainKind>>();
                break;
            case 1:
                builder.UseWithSlowPath<Load<DoublewordElement, Literal, PlainKind>>();
                break;
            case 2:
                builder.UseWithSlowPath<Load<SignedWordElement, Literal, PlainKind>>();
                break;
            default:
                builder.Use<Prefetch>();
                break;
        }
    }

    private static void BindPairOffset(uint word, ref OperationBuilder builder) =>
        BindPair<Offset<GeneralBase>, Offset<StackBase>>(word, ref builder);

    private static void BindPairPreIndexed(uint word, ref OperationBuilder builder) =>
        BindPair<PreIndex<GeneralBase>, PreIndex<StackBase>>(word, ref builder);

    private static void BindPairPostIndexed(uint word, ref OperationBuilder builder) =>
        BindPair<PostIndex<GeneralBase>, PostIndex<StackBase>>(word, ref builder);

    private static void BindPair<TGeneral, TStack>(uint word, ref OperationBuilder builder)
        where TGeneral : struct, IAddressing
        where TStack : struct, IAddressing
    {
        builder.Value.Rn = OperationBuilder.OrSp(Rn(word));
        if (Rn(word) == RegisterMask)
        {
            BindPair<TStack>(word, ref builder);
        }
        else
        {
            BindPair<TGeneral>(word, ref builder);
        }
    }

    private static void BindPair<TAddressing>(uint word, ref OperationBuilder builder)
        where TAddressing : struct, IAddressing
    {
        uint opc = word >> 30;
        bool isLoad = IsLoad(word);
        long immediate = SignedBits(word, 15, 7);
        if (IsSimd(word))
        {
            builder.Value.Rd = OperationBuilder.Vector(Rt(word));
            builder.Value.Rm = OperationBuilder.Vector(Rt2(word));
            builder.Value.Immediate = immediate << (int)(opc + 2);
            switch (opc)
            {
                case 0:
                    BindVectorPair<VectorSElement, TAddressing>(isLoad, ref builder);
                    break;
                case 1:
                    BindVectorPair<VectorDElement, TAddressing>(isLoad, ref builder);
                    break;
                default:
                    BindVectorPair<VectorQElement, TAddressing>(isLoad, ref builder);
                    break;
            }

            return;
        }

        builder.Value.Rd = isLoad ? OperationBuilder.Destination(Rt(word)) : OperationBuilder.Source(Rt(word));
        builder.Value.Rm = isLoad ? OperationBuilder.Destination(Rt2(word)) : OperationBuilder.Source(Rt2(word));
        builder.Value.Immediate = immediate << (opc == 2 ? 3 : 2);
        switch (opc)
        {
            case 0 when isLoad:
                builder.UseWithSlowPath<LoadPair<WordElement, TAddressing>>();
                break;
            case 0:
                builder.UseWithSlowPath<StorePair<WordElement, TAddressing>>();
                break;
            case 1:
                builder.UseWithSlowPath<LoadPair<SignedWordElement, TAddressing>>();
                break;
            default:
                if (isLoad)
                {
                    builder.UseWithSlowPath<LoadPair<DoublewordElement, TAddressing>>();
                }
                else
                {
                    builder.UseWithSlowPath<StorePair<DoublewordElement, TAddressing>>();
                }

                break;
        }
    }

    private static void BindVectorPair<TElement, TAddressing>(bool isLoad, ref OperationBuilder builder)
        where TElement : struct, IVectorElement
        where TAddressing : struct, IAddressing
    {
        if (isLoad)
        {
            builder.UseWithSlowPath<LoadVectorPair<TElement, TAddressing>>();
        }
        else
        {
            builder.UseWithSlowPath<StoreVectorPair<TElement, TAddressing>>();
        }
    }

    private static void BindOrdered(uint word, ref OperationBuilder builder)
    {
        if (Rn(word) == RegisterMask)
        {
            BindOrdered<Offset<StackBase>>(word, ref builder);
        }
        else
        {
            BindOrdered<Offset<GeneralBase>>(word, ref builder);
        }
    }

    private static void BindOrdered<TAddressing>(uint word, ref OperationBuilder builder)
        where TAddressing : struct, IAddressing
    {
        bool isLoad = IsLoad(word);
        builder.Value.Rn = OperationBuilder.OrSp(Rn(word));
        builder.Value.Rd = isLoad ? OperationBuilder.Destination(Rt(word)) : OperationBuilder.Source(Rt(word));
        switch (word >> 30)
        {
            case 0:
                BindOrdered<ByteElement, TAddressing>(isLoad, ref builder);
                break;
            case 1:
                BindOrdered<HalfwordElement, TAddressing>(isLoad, ref builder);
                break;
            case 2:
                BindOrdered<WordElement, TAddressing>(isLoad, ref builder);
                break;
            default:
                BindOrdered<DoublewordElement, TAddressing>(isLoad, ref builder);
                break;
        }
    }

    private static void BindOrdered<TElement, TAddressing>(bool isLoad, ref OperationBuilder builder)
        where TElement : struct, IElement
        where TAddressing : struct, IAddressing
    {
        if (isLoad)
        {
            builder.UseWithSlowPath<Load<TElement, TAddressing, OrderedKind>>();
        }
        else
        {
            builder.UseWithSlowPath<Store<TElement, TAddressing, OrderedKind>>();
        }
    }

    private static void BindExclusive(uint word, ref OperationBuilder builder)
    {
        if (Rn(word) == RegisterMask)
        {
            BindExclusive<StackBase>(word, ref builder);
        }
        else
        {
            BindExclusive<GeneralBase>(word, ref builder);
        }
    }

    private static void BindExclusive<TBase>(uint word, ref OperationBuilder builder)
        where TBase : struct, IBase
    {
        bool isLoad = IsLoad(word);
        builder.Value.Immediate = (word & PairBit) != 0 ? 2 : 1;
        builder.Value.Rn = OperationBuilder.OrSp(Rn(word));
        builder.Value.Rd = isLoad ? OperationBuilder.Destination(Rt(word)) : OperationBuilder.Source(Rt(word));
        builder.Value.Rm = isLoad ? OperationBuilder.Destination(Rt2(word)) : OperationBuilder.Source(Rt2(word));
        builder.Value.Ra = OperationBuilder.Destination(Rm(word));
        switch (word >> 30)
        {
            case 0:
                BindExclusive<ByteElement, TBase>(isLoad, ref builder);
                break;
            case 1:
                BindExclusive<HalfwordElement, TBase>(isLoad, ref builder);
                break;
            case 2:
                BindExclusive<WordElement, TBase>(isLoad, ref builder);
                break;
            default:
                BindExclusive<DoublewordElement, TBase>(isLoad, ref builder);
                break;
        }
    }

    private static void BindExclusive<TElement, TBase>(bool isLoad, ref OperationBuilder builder)
        where TElement : struct, IElement
        where TBase : struct, IBase
    {
        if (isLoad)
        {
            builder.Use<LoadExclusive<TElement, TBase>>();
        }
        else
        {
            builder.Use<StoreExclusive<TElement, TBase>>();
        }
    }
}
