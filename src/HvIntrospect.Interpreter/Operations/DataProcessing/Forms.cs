using HvIntrospect.Interpreter.Dispatch;

namespace HvIntrospect.Interpreter.Operations.DataProcessing;

/// <summary>Chooses between the forms of an operation that differ in one field of the word.</summary>
internal static class Forms
{
    /// <summary>Uses the 32-bit or 64-bit form of a binary operation.</summary>
    /// <typeparam name="TOperator">The operator.</typeparam>
    /// <typeparam name="TSecond">The source of the second operand.</typeparam>
    /// <param name="word">The instruction word.</param>
    /// <param name="builder">The operation.</param>
    public static void Use<TOperator, TSecond>(uint word, OperationBuilder builder)
        where TOperator : struct, IOperator
        where TSecond : struct, ISecondOperand
    {
        if (WordFields.Is64(word))
        {
            builder.Use<Binary<ulong, TOperator, TSecond>>();
        }
        else
        {
            builder.Use<Binary<uint, TOperator, TSecond>>();
        }
    }

    /// <summary>Uses the 32-bit or 64-bit form of a unary operation.</summary>
    /// <typeparam name="TOperator">The operator.</typeparam>
    /// <param name="word">The instruction word.</param>
    /// <param name="builder">The operation.</param>
    public static void Use<TOperator>(uint word, OperationBuilder builder)
        where TOperator : struct, IUnaryOperator
    {
        if (WordFields.Is64(word))
        {
            builder.Use<Unary<ulong, TOperator>>();
        }
        else
        {
            builder.Use<Unary<uint, TOperator>>();
        }
    }

    /// <summary>Uses the 32-bit or 64-bit form of a move of Rm.</summary>
    /// <param name="word">The instruction word.</param>
    /// <param name="builder">The operation.</param>
    public static void UseMove(uint word, OperationBuilder builder)
    {
        if (WordFields.Is64(word))
        {
            builder.Use<Move<ulong>>();
        }
        else
        {
            builder.Use<Move<uint>>();
        }
    }

    /// <summary>Uses ADD, ADDS, SUB or SUBS by bits 30:29.</summary>
    /// <typeparam name="TSecond">The source of the second operand.</typeparam>
    /// <param name="word">The instruction word.</param>
    /// <param name="builder">The operation.</param>
    public static void UseAddSubtract<TSecond>(uint word, OperationBuilder builder)
        where TSecond : struct, ISecondOperand
    {
        switch (WordFields.Unsigned(word, 29, 2))
        {
            case 0:
                Use<Operators.Add, TSecond>(word, builder);
                break;
            case 1:
                Use<Operators.AddSettingFlags, TSecond>(word, builder);
                break;
            case 2:
                Use<Operators.Subtract, TSecond>(word, builder);
                break;
            default:
                Use<Operators.SubtractSettingFlags, TSecond>(word, builder);
                break;
        }
    }

    /// <summary>Uses the operation with Rm shifted as bits 23:22 and 15:10 say.</summary>
    /// <typeparam name="TOperator">The operator.</typeparam>
    /// <param name="word">The instruction word.</param>
    /// <param name="builder">The operation.</param>
    public static void UseShifted<TOperator>(uint word, OperationBuilder builder)
        where TOperator : struct, IOperator
    {
        builder.Value.Immediate = WordFields.Unsigned(word, 10, 6);
        switch (WordFields.Unsigned(word, 22, 2))
        {
            case var _ when builder.Value.Immediate == 0:
                Use<TOperator, SecondOperands.Register>(word, builder);
                break;
            case 0:
                Use<TOperator, SecondOperands.LeftShifted>(word, builder);
                break;
            case 1:
                Use<TOperator, SecondOperands.RightShifted>(word, builder);
                break;
            case 2:
                Use<TOperator, SecondOperands.ArithmeticallyShifted>(word, builder);
                break;
            default:
                Use<TOperator, SecondOperands.Rotated>(word, builder);
                break;
        }
    }
}
