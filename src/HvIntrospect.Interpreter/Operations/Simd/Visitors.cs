using System.Numerics;
using HvIntrospect.Interpreter.Dispatch;

namespace HvIntrospect.Interpreter.Operations.Simd;

/// <summary>Bind each kind of operation for the type of lanes that a word names.</summary>
internal static class Visitors
{
    /// <summary>Binds <see cref="Simd.Lanes{T, TFunction}"/>.</summary>
    internal readonly ref struct Lanes<TFunction> : ILaneTypeVisitor
        where TFunction : struct, ILaneFunction
    {
        private readonly OperationBuilder _builder;

        /// <summary>Initialises the visitor.</summary>
        /// <param name="builder">The operation.</param>
        public Lanes(OperationBuilder builder)
        {
            _builder = builder;
        }

        /// <inheritdoc/>
        public void Visit<T>()
            where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> => SimdForms.Use<Lanes<T, TFunction>>(_builder);
    }

    /// <summary>Binds <see cref="Simd.IndexedLanes{T, TFunction}"/>.</summary>
    internal readonly ref struct Indexed<TFunction> : ILaneTypeVisitor
        where TFunction : struct, ILaneFunction
    {
        private readonly OperationBuilder _builder;

        /// <summary>Initialises the visitor.</summary>
        /// <param name="builder">The operation.</param>
        public Indexed(OperationBuilder builder)
        {
            _builder = builder;
        }

        /// <inheritdoc/>
        public void Visit<T>()
            where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> => SimdForms.Use<IndexedLanes<T, TFunction>>(_builder);
    }

    /// <summary>Binds <see cref="Simd.ShiftedLanes{T, TFunction}"/>.</summary>
    internal readonly ref struct Shifted<TFunction> : ILaneTypeVisitor
        where TFunction : struct, ILaneFunction
    {
        private readonly OperationBuilder _builder;

        /// <summary>Initialises the visitor.</summary>
        /// <param name="builder">The operation.</param>
        public Shifted(OperationBuilder builder)
        {
            _builder = builder;
        }

        /// <inheritdoc/>
        public void Visit<T>()
            where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> => SimdForms.Use<ShiftedLanes<T, TFunction>>(_builder);
    }

    /// <summary>Binds <see cref="Simd.PairwiseLanes{T, TFunction}"/>.</summary>
    internal readonly ref struct Pairwise<TFunction> : ILaneTypeVisitor
        where TFunction : struct, ILaneFunction
    {
        private readonly OperationBuilder _builder;

        /// <summary>Initialises the visitor.</summary>
        /// <param name="builder">The operation.</param>
        public Pairwise(OperationBuilder builder)
        {
            _builder = builder;
        }

        /// <inheritdoc/>
        public void Visit<T>()
            where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> => SimdForms.Use<PairwiseLanes<T, TFunction>>(_builder);
    }

    /// <summary>Binds <see cref="Simd.PairOfLanes{T, TFunction}"/>.</summary>
    internal readonly ref struct Pair<TFunction> : ILaneTypeVisitor
        where TFunction : struct, ILaneFunction
    {
        private readonly OperationBuilder _builder;

        /// <summary>Initialises the visitor.</summary>
        /// <param name="builder">The operation.</param>
        public Pair(OperationBuilder builder)
        {
            _builder = builder;
        }

        /// <inheritdoc/>
        public void Visit<T>()
            where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> => SimdForms.Use<PairOfLanes<T, TFunction>>(_builder);
    }

    /// <summary>Binds <see cref="Simd.AcrossLanes{T, TFunction}"/>.</summary>
    internal readonly ref struct Across<TFunction> : ILaneTypeVisitor
        where TFunction : struct, ILaneFunction
    {
        private readonly OperationBuilder _builder;

        /// <summary>Initialises the visitor.</summary>
        /// <param name="builder">The operation.</param>
        public Across(OperationBuilder builder)
        {
            _builder = builder;
        }

        /// <inheritdoc/>
        public void Visit<T>()
            where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> => SimdForms.Use<AcrossLanes<T, TFunction>>(_builder);
    }

    /// <summary>Binds <see cref="Simd.FullVector{T, TFunction}"/>.</summary>
    internal readonly ref struct Full<TFunction> : ILaneTypeVisitor
        where TFunction : struct, IVectorFunction
    {
        private readonly OperationBuilder _builder;

        /// <summary>Initialises the visitor.</summary>
        /// <param name="builder">The operation.</param>
        public Full(OperationBuilder builder)
        {
            _builder = builder;
        }

        /// <inheritdoc/>
        public void Visit<T>()
            where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> => SimdForms.Use<FullVector<T, TFunction>>(_builder);
    }

    /// <summary>Binds <see cref="Simd.HalfVector{T, TFunction}"/>.</summary>
    internal readonly ref struct Half<TFunction> : ILaneTypeVisitor
        where TFunction : struct, IVectorFunction
    {
        private readonly OperationBuilder _builder;

        /// <summary>Initialises the visitor.</summary>
        /// <param name="builder">The operation.</param>
        public Half(OperationBuilder builder)
        {
            _builder = builder;
        }

        /// <inheritdoc/>
        public void Visit<T>()
            where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> => SimdForms.Use<HalfVector<T, TFunction>>(_builder);
    }

    /// <summary>Binds <see cref="Simd.PermutedLanes{T, TPermutation}"/>.</summary>
    internal readonly ref struct Permuted<TPermutation> : ILaneTypeVisitor
        where TPermutation : struct, IPermutation
    {
        private readonly OperationBuilder _builder;

        /// <summary>Initialises the visitor.</summary>
        /// <param name="builder">The operation.</param>
        public Permuted(OperationBuilder builder)
        {
            _builder = builder;
        }

        /// <inheritdoc/>
        public void Visit<T>()
            where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> => SimdForms.Use<PermutedLanes<T, TPermutation>>(_builder);
    }

    /// <summary>Binds <see cref="Simd.ReversedLanes{T}"/>.</summary>
    internal readonly ref struct Reversed : ILaneTypeVisitor
    {
        private readonly OperationBuilder _builder;

        /// <summary>Initialises the visitor.</summary>
        /// <param name="builder">The operation.</param>
        public Reversed(OperationBuilder builder)
        {
            _builder = builder;
        }

        /// <inheritdoc/>
        public void Visit<T>()
            where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> => SimdForms.Use<ReversedLanes<T>>(_builder);
    }

    /// <summary>Binds <see cref="Simd.Duplicate{T}"/>.</summary>
    internal readonly ref struct Duplicated : ILaneTypeVisitor
    {
        private readonly OperationBuilder _builder;

        /// <summary>Initialises the visitor.</summary>
        /// <param name="builder">The operation.</param>
        public Duplicated(OperationBuilder builder)
        {
            _builder = builder;
        }

        /// <inheritdoc/>
        public void Visit<T>()
            where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> => SimdForms.Use<Duplicate<T>>(_builder);
    }

    /// <summary>Binds <see cref="Simd.Insert{T}"/>.</summary>
    internal readonly ref struct Inserted : ILaneTypeVisitor
    {
        private readonly OperationBuilder _builder;

        /// <summary>Initialises the visitor.</summary>
        /// <param name="builder">The operation.</param>
        public Inserted(OperationBuilder builder)
        {
            _builder = builder;
        }

        /// <inheritdoc/>
        public void Visit<T>()
            where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> => SimdForms.Use<Insert<T>>(_builder);
    }

    /// <summary>Binds <see cref="Simd.ScalarLane{T}"/>.</summary>
    internal readonly ref struct Scalar : ILaneTypeVisitor
    {
        private readonly OperationBuilder _builder;

        /// <summary>Initialises the visitor.</summary>
        /// <param name="builder">The operation.</param>
        public Scalar(OperationBuilder builder)
        {
            _builder = builder;
        }

        /// <inheritdoc/>
        public void Visit<T>()
            where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> => SimdForms.Use<ScalarLane<T>>(_builder);
    }

    /// <summary>Binds <see cref="Simd.ExtractLane{T, TResult}"/>.</summary>
    internal readonly ref struct Extracted32 : ILaneTypeVisitor
    {
        private readonly OperationBuilder _builder;

        /// <summary>Initialises the visitor.</summary>
        /// <param name="builder">The operation.</param>
        public Extracted32(OperationBuilder builder)
        {
            _builder = builder;
        }

        /// <inheritdoc/>
        public void Visit<T>()
            where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> => SimdForms.Use<ExtractLane<T, uint>>(_builder);
    }

    /// <summary>Binds <see cref="Simd.ExtractLane{T, TResult}"/>.</summary>
    internal readonly ref struct Extracted64 : ILaneTypeVisitor
    {
        private readonly OperationBuilder _builder;

        /// <summary>Initialises the visitor.</summary>
        /// <param name="builder">The operation.</param>
        public Extracted64(OperationBuilder builder)
        {
            _builder = builder;
        }

        /// <inheritdoc/>
        public void Visit<T>()
            where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> => SimdForms.Use<ExtractLane<T, ulong>>(_builder);
    }

    /// <summary>Binds <see cref="Simd.LongLanes{TNarrow, TWide, TFunction}"/>.</summary>
    internal readonly ref struct Long<TFunction> : ILaneTypePairVisitor
        where TFunction : struct, ILaneFunction
    {
        private readonly OperationBuilder _builder;

        /// <summary>Initialises the visitor.</summary>
        /// <param name="builder">The operation.</param>
        public Long(OperationBuilder builder)
        {
            _builder = builder;
        }

        /// <inheritdoc/>
        public void Visit<TNarrow, TWide>()
            where TNarrow : unmanaged, IBinaryInteger<TNarrow>, IMinMaxValue<TNarrow>
            where TWide : unmanaged, IBinaryInteger<TWide>, IMinMaxValue<TWide> => SimdForms.Use<LongLanes<TNarrow, TWide, TFunction>>(_builder);
    }

    /// <summary>Binds <see cref="Simd.WideLanes{TNarrow, TWide, TFunction}"/>.</summary>
    internal readonly ref struct Wide<TFunction> : ILaneTypePairVisitor
        where TFunction : struct, ILaneFunction
    {
        private readonly OperationBuilder _builder;

        /// <summary>Initialises the visitor.</summary>
        /// <param name="builder">The operation.</param>
        public Wide(OperationBuilder builder)
        {
            _builder = builder;
        }

        /// <inheritdoc/>
        public void Visit<TNarrow, TWide>()
            where TNarrow : unmanaged, IBinaryInteger<TNarrow>, IMinMaxValue<TNarrow>
            where TWide : unmanaged, IBinaryInteger<TWide>, IMinMaxValue<TWide> => SimdForms.Use<WideLanes<TNarrow, TWide, TFunction>>(_builder);
    }

    /// <summary>Binds <see cref="Simd.IndexedLongLanes{TNarrow, TWide, TFunction}"/>.</summary>
    internal readonly ref struct IndexedLong<TFunction> : ILaneTypePairVisitor
        where TFunction : struct, ILaneFunction
    {
        private readonly OperationBuilder _builder;

        /// <summary>Initialises the visitor.</summary>
        /// <param name="builder">The operation.</param>
        public IndexedLong(OperationBuilder builder)
        {
            _builder = builder;
        }

        /// <inheritdoc/>
        public void Visit<TNarrow, TWide>()
            where TNarrow : unmanaged, IBinaryInteger<TNarrow>, IMinMaxValue<TNarrow>
            where TWide : unmanaged, IBinaryInteger<TWide>, IMinMaxValue<TWide> => SimdForms.Use<IndexedLongLanes<TNarrow, TWide, TFunction>>(_builder);
    }

    /// <summary>Binds <see cref="Simd.ShiftedLongLanes{TNarrow, TWide}"/>.</summary>
    internal readonly ref struct ShiftedLong : ILaneTypePairVisitor
    {
        private readonly OperationBuilder _builder;

        /// <summary>Initialises the visitor.</summary>
        /// <param name="builder">The operation.</param>
        public ShiftedLong(OperationBuilder builder)
        {
            _builder = builder;
        }

        /// <inheritdoc/>
        public void Visit<TNarrow, TWide>()
            where TNarrow : unmanaged, IBinaryInteger<TNarrow>, IMinMaxValue<TNarrow>
            where TWide : unmanaged, IBinaryInteger<TWide>, IMinMaxValue<TWide> => SimdForms.Use<ShiftedLongLanes<TNarrow, TWide>>(_builder);
    }

    /// <summary>Binds <see cref="Simd.PairwiseLongLanes{TNarrow, TWide, TFunction}"/>.</summary>
    internal readonly ref struct PairwiseLong<TFunction> : ILaneTypePairVisitor
        where TFunction : struct, ILaneFunction
    {
        private readonly OperationBuilder _builder;

        /// <summary>Initialises the visitor.</summary>
        /// <param name="builder">The operation.</param>
        public PairwiseLong(OperationBuilder builder)
        {
            _builder = builder;
        }

        /// <inheritdoc/>
        public void Visit<TNarrow, TWide>()
            where TNarrow : unmanaged, IBinaryInteger<TNarrow>, IMinMaxValue<TNarrow>
            where TWide : unmanaged, IBinaryInteger<TWide>, IMinMaxValue<TWide> => SimdForms.Use<PairwiseLongLanes<TNarrow, TWide, TFunction>>(_builder);
    }

    /// <summary>Binds <see cref="Simd.AcrossLanesLong{TNarrow, TWide}"/>.</summary>
    internal readonly ref struct AcrossLong : ILaneTypePairVisitor
    {
        private readonly OperationBuilder _builder;

        /// <summary>Initialises the visitor.</summary>
        /// <param name="builder">The operation.</param>
        public AcrossLong(OperationBuilder builder)
        {
            _builder = builder;
        }

        /// <inheritdoc/>
        public void Visit<TNarrow, TWide>()
            where TNarrow : unmanaged, IBinaryInteger<TNarrow>, IMinMaxValue<TNarrow>
            where TWide : unmanaged, IBinaryInteger<TWide>, IMinMaxValue<TWide> => SimdForms.Use<AcrossLanesLong<TNarrow, TWide>>(_builder);
    }

    /// <summary>Binds <see cref="Simd.NarrowLanes{TWide, TNarrow, TFunction}"/>.</summary>
    internal readonly ref struct Narrow<TFunction> : ILaneTypePairVisitor
        where TFunction : struct, INarrowFunction
    {
        private readonly OperationBuilder _builder;

        /// <summary>Initialises the visitor.</summary>
        /// <param name="builder">The operation.</param>
        public Narrow(OperationBuilder builder)
        {
            _builder = builder;
        }

        /// <inheritdoc/>
        public void Visit<TNarrow, TWide>()
            where TNarrow : unmanaged, IBinaryInteger<TNarrow>, IMinMaxValue<TNarrow>
            where TWide : unmanaged, IBinaryInteger<TWide>, IMinMaxValue<TWide> => SimdForms.Use<NarrowLanes<TWide, TNarrow, TFunction>>(_builder);
    }
}
