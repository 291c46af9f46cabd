using HvIntrospect.Interpreter.Dispatch;

namespace HvIntrospect.Interpreter.Operations.Simd;

/// <summary>Binds the moves, permutations and immediates of vectors of Armv8.0.</summary>
internal static class VectorMoveBinders
{
    private const uint FullBit = 1u << 30;
    private const ushort FullBytes = 16;
    private const ushort HalfBytes = 8;

    /// <summary>Adds the binders.</summary>
    /// <param name="table">The table to add them to.</param>
    public static void AddTo(OperationTable table)
    {
        table.Bind("DUP_asimdins_DV_v", BindDuplicateLane);
        table.Bind("DUP_asimdins_DR_r", BindDuplicateGeneral);
        table.Bind("DUP_asisdone_only", BindScalarLane);
        table.Bind("SMOV_asimdins_W_w", BindSignedMove);
        table.Bind("SMOV_asimdins_X_x", BindSignedMove);
        table.Bind("UMOV_asimdins_W_w", BindUnsignedMove);
        table.Bind("UMOV_asimdins_X_x", BindUnsignedMove);
        table.Bind("INS_asimdins_IR_r", BindInsertGeneral);
        table.Bind("INS_asimdins_IV_v", BindInsertLane);
        table.BindClass("asimdimm", BindImmediate);
        table.BindClass("asimdperm", BindPermute);
        table.BindClass("asimdext", BindExtract);
        table.BindClass("asimdtbl", BindTable);
    }

    private static bool IsFull(uint word) => (word & FullBit) != 0;

    private static ushort Bytes(uint word) => IsFull(word) ? FullBytes : HalfBytes;

    /// <summary>Gets the logarithm of the lane's bytes from imm5: the position of its lowest one.</summary>
    private static uint Size(uint word) => (uint)int.TrailingZeroCount((int)WordFields.Rm(word));

    /// <summary>Gets the offset of the lane that imm5 names.</summary>
    private static ushort Lane(uint word, uint register)
    {
        uint size = Size(word);
        return (ushort)(OperationBuilder.Vector(register) + (WordFields.Rm(word) >> ((int)size + 1) << (int)size));
    }

    private static void BindDuplicateLane(uint word, ref OperationBuilder builder)
    {
        builder.Value.Rn = Lane(word, WordFields.Rn(word));
        BindDuplicate(word, builder);
    }

    private static void BindDuplicateGeneral(uint word, ref OperationBuilder builder)
    {
        builder.Value.Rn = OperationBuilder.Source(WordFields.Rn(word));
        BindDuplicate(word, builder);
    }

    private static void BindDuplicate(uint word, OperationBuilder builder)
    {
        builder.Value.Rd = OperationBuilder.Vector(WordFields.Rd(word));
        builder.Value.Ra = Bytes(word);
        LaneTypes.Visit(Size(word), isSigned: false, new Visitors.Duplicated(builder));
    }

    private static void BindScalarLane(uint word, ref OperationBuilder builder)
    {
        builder.Value.Rd = OperationBuilder.Vector(WordFields.Rd(word));
        builder.Value.Rn = Lane(word, WordFields.Rn(word));
        LaneTypes.Visit(Size(word), isSigned: false, new Visitors.Scalar(builder));
    }

    private static void BindSignedMove(uint word, ref OperationBuilder builder) => BindMove(word, isSigned: true, builder);

    private static void BindUnsignedMove(uint word, ref OperationBuilder builder) => BindMove(word, isSigned: false, builder);

    private static void BindMove(uint word, bool isSigned, OperationBuilder builder)
    {
        builder.Value.Rd = OperationBuilder.Destination(WordFields.Rd(word));
        builder.Value.Rn = Lane(word, WordFields.Rn(word));
        if (IsFull(word))
        {
            LaneTypes.Visit(Size(word), isSigned, new Visitors.Extracted64(builder));
        }
        else
        {
            LaneTypes.Visit(Size(word), isSigned, new Visitors.Extracted32(builder));
        }
    }

    private static void BindInsertGeneral(uint word, ref OperationBuilder builder)
    {
        builder.Value.Rn = OperationBuilder.Source(WordFields.Rn(word));
        BindInsert(word, builder);
    }

    private static void BindInsertLane(uint word, ref OperationBuilder builder)
    {
        uint size = Size(word);
        uint source = WordFields.Unsigned(word, 11, 4) >> (int)size;
        builder.Value.Rn = (ushort)(OperationBuilder.Vector(WordFields.Rn(word)) + (source << (int)size));
        BindInsert(word, builder);
    }

    private static void BindInsert(uint word, OperationBuilder builder)
    {
        builder.Value.Rd = Lane(word, WordFields.Rd(word));
        LaneTypes.Visit(Size(word), isSigned: false, new Visitors.Inserted(builder));
    }

    private static void BindImmediate(uint word, ref OperationBuilder builder)
    {
        const uint FirstWithoutRegister = 0b1100;
        bool isOp = WordFields.Unsigned(word, 29, 1) != 0;
        uint cmode = WordFields.Unsigned(word, 12, 4);
        ulong value = VectorImmediate.Expand(isOp, cmode, (WordFields.Unsigned(word, 16, 3) << 5) | WordFields.Unsigned(word, 5, 5));
        builder.Value.Rd = OperationBuilder.Vector(WordFields.Rd(word));
        builder.Value.Ra = Bytes(word);
        builder.Value.Immediate = (long)value;
        if (cmode < FirstWithoutRegister && (cmode & 1) != 0)
        {
            if (isOp)
            {
                SimdForms.Use<ClearConstant>(builder);
            }
            else
            {
                SimdForms.Use<OrConstant>(builder);
            }

            return;
        }

        // MVNI; above it, op chooses another expansion.
        if (isOp && cmode < 0b1110)
        {
            builder.Value.Immediate = (long)~value;
        }

        SimdForms.Use<VectorConstant>(builder);
    }

    private static void BindPermute(uint word, ref OperationBuilder builder)
    {
        uint size = WordFields.Unsigned(word, 22, 2);
        SimdForms.SetVectors(word, builder);
        builder.Value.Ra = Bytes(word);
        builder.Value.Immediate = WordFields.Unsigned(word, 14, 1);
        switch (WordFields.Unsigned(word, 12, 2))
        {
            case 1:
                LaneTypes.Visit(size, isSigned: false, new Visitors.Permuted<Permutations.Unzip>(builder));
                break;
            case 2:
                LaneTypes.Visit(size, isSigned: false, new Visitors.Permuted<Permutations.Transpose>(builder));
                break;
            default:
                LaneTypes.Visit(size, isSigned: false, new Visitors.Permuted<Permutations.Zip>(builder));
                break;
        }
    }

    private static void BindExtract(uint word, ref OperationBuilder builder)
    {
        SimdForms.SetVectors(word, builder);
        builder.Value.Ra = Bytes(word);
        builder.Value.Immediate = WordFields.Unsigned(word, 11, 4);
        SimdForms.Use<ExtractVector>(builder);
    }

    private static void BindTable(uint word, ref OperationBuilder builder)
    {
        SimdForms.SetVectors(word, builder);
        builder.Value.Rn = (ushort)WordFields.Rn(word);
        builder.Value.Ra = Bytes(word);
        builder.Value.Immediate = (WordFields.Unsigned(word, 13, 2) + 1) * FullBytes;
        builder.Value.Count = (short)WordFields.Unsigned(word, 12, 1);
        SimdForms.Use<TableLookup>(builder);
    }
}
