namespace HvIntrospect.Interpreter.Operations.Simd;

/// <summary>Finds the types of lanes.</summary>
internal static class LaneTypes
{
    /// <summary>Calls a visitor with the type of lanes.</summary>
    /// <typeparam name="TVisitor">The visitor.</typeparam>
    /// <param name="size">The logarithm of the lane's bytes, 0 to 3.</param>
    /// <param name="isSigned">True for signed lanes.</param>
    /// <param name="visitor">The visitor.</param>
    public static void Visit<TVisitor>(uint size, bool isSigned, TVisitor visitor)
        where TVisitor : ILaneTypeVisitor, allows ref struct
    {
        switch (size, isSigned)
        {
            case (0, true):
                visitor.Visit<sbyte>();
                break;
            case (0, false):
                visitor.Visit<byte>();
                break;
            case (1, true):
                visitor.Visit<short>();
                break;
            case (1, false):
                visitor.Visit<ushort>();
                break;
            case (2, true):
                visitor.Visit<int>();
                break;
            case (2, false):
                visitor.Visit<uint>();
                break;
            case (_, true):
                visitor.Visit<long>();
                break;
            default:
                visitor.Visit<ulong>();
                break;
        }
    }

    /// <summary>Calls a visitor with the types of lanes and of lanes twice as wide.</summary>
    /// <typeparam name="TVisitor">The visitor.</typeparam>
    /// <param name="size">The logarithm of the narrow lane's bytes, 0 to 2.</param>
    /// <param name="isNarrowSigned">True for signed narrow lanes.</param>
    /// <param name="isWideSigned">True for signed wide lanes.</param>
    /// <param name="visitor">The visitor.</param>
    public static void VisitPair<TVisitor>(uint size, bool isNarrowSigned, bool isWideSigned, TVisitor visitor)
        where TVisitor : ILaneTypePairVisitor, allows ref struct
    {
        switch (size, isNarrowSigned, isWideSigned)
        {
            case (0, true, true):
                visitor.Visit<sbyte, short>();
                break;
            case (0, true, false):
                visitor.Visit<sbyte, ushort>();
                break;
            case (0, false, true):
                visitor.Visit<byte, short>();
                break;
            case (0, false, false):
                visitor.Visit<byte, ushort>();
                break;
            case (1, true, true):
                visitor.Visit<short, int>();
                break;
            case (1, true, false):
                visitor.Visit<short, uint>();
                break;
            case (1, false, true):
                visitor.Visit<ushort, int>();
                break;
            case (1, false, false):
                visitor.Visit<ushort, uint>();
                break;
            case (2, true, true):
                visitor.Visit<int, long>();
                break;
            case (2, true, false):
                visitor.Visit<int, ulong>();
                break;
            case (2, false, true):
                visitor.Visit<uint, long>();
                break;
            default:
                visitor.Visit<uint, ulong>();
                break;
        }
    }
}
