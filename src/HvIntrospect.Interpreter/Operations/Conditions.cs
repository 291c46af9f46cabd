using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations;

/// <summary>The conditions of conditional instructions.</summary>
internal static unsafe class Conditions
{
    /// <summary>Calls a visitor with the type of a condition.</summary>
    /// <typeparam name="TVisitor">The visitor.</typeparam>
    /// <param name="condition">The condition's number, 0 to 15.</param>
    /// <param name="visitor">The visitor.</param>
    public static void Visit<TVisitor>(uint condition, TVisitor visitor)
        where TVisitor : IConditionVisitor, allows ref struct
    {
        switch (condition)
        {
            case 0:
                visitor.Visit<Equal>();
                break;
            case 1:
                visitor.Visit<NotEqual>();
                break;
            case 2:
                visitor.Visit<CarrySet>();
                break;
            case 3:
                visitor.Visit<CarryClear>();
                break;
            case 4:
                visitor.Visit<Minus>();
                break;
            case 5:
                visitor.Visit<Plus>();
                break;
            case 6:
                visitor.Visit<Overflow>();
                break;
            case 7:
                visitor.Visit<NoOverflow>();
                break;
            case 8:
                visitor.Visit<Higher>();
                break;
            case 9:
                visitor.Visit<LowerOrSame>();
                break;
            case 10:
                visitor.Visit<GreaterOrEqual>();
                break;
            case 11:
                visitor.Visit<Less>();
                break;
            case 12:
                visitor.Visit<Greater>();
                break;
            case 13:
                visitor.Visit<LessOrEqual>();
                break;
            default:
                visitor.Visit<Always>();
                break;
        }
    }

    /// <summary>EQ.</summary>
    internal readonly struct Equal : ICondition
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool Holds(CpuState* cpu) => cpu->FlagZ == 0;
    }

    /// <summary>NE.</summary>
    internal readonly struct NotEqual : ICondition
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool Holds(CpuState* cpu) => cpu->FlagZ != 0;
    }

    /// <summary>CS.</summary>
    internal readonly struct CarrySet : ICondition
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool Holds(CpuState* cpu) => cpu->FlagC != 0;
    }

    /// <summary>CC.</summary>
    internal readonly struct CarryClear : ICondition
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool Holds(CpuState* cpu) => cpu->FlagC == 0;
    }

    /// <summary>MI.</summary>
    internal readonly struct Minus : ICondition
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool Holds(CpuState* cpu) => cpu->FlagN < 0;
    }

    /// <summary>PL.</summary>
    internal readonly struct Plus : ICondition
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool Holds(CpuState* cpu) => cpu->FlagN >= 0;
    }

    /// <summary>VS.</summary>
    internal readonly struct Overflow : ICondition
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool Holds(CpuState* cpu) => cpu->FlagV < 0;
    }

    /// <summary>VC.</summary>
    internal readonly struct NoOverflow : ICondition
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool Holds(CpuState* cpu) => cpu->FlagV >= 0;
    }

    /// <summary>HI.</summary>
    internal readonly struct Higher : ICondition
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool Holds(CpuState* cpu) => cpu->FlagC != 0 && cpu->FlagZ != 0;
    }

    /// <summary>LS.</summary>
    internal readonly struct LowerOrSame : ICondition
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool Holds(CpuState* cpu) => cpu->FlagC == 0 || cpu->FlagZ == 0;
    }

    /// <summary>GE.</summary>
    internal readonly struct GreaterOrEqual : ICondition
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool Holds(CpuState* cpu) => (cpu->FlagN ^ cpu->FlagV) >= 0;
    }

    /// <summary>LT.</summary>
    internal readonly struct Less : ICondition
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool Holds(CpuState* cpu) => (cpu->FlagN ^ cpu->FlagV) < 0;
    }

    /// <summary>GT.</summary>
    internal readonly struct Greater : ICondition
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool Holds(CpuState* cpu) => cpu->FlagZ != 0 && (cpu->FlagN ^ cpu->FlagV) >= 0;
    }

    /// <summary>LE.</summary>
    internal readonly struct LessOrEqual : ICondition
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool Holds(CpuState* cpu) => cpu->FlagZ == 0 || (cpu->FlagN ^ cpu->FlagV) < 0;
    }

    /// <summary>AL and NV.</summary>
    internal readonly struct Always : ICondition
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool Holds(CpuState* cpu) => true;
    }
}
