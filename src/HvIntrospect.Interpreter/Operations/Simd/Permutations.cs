using System.Runtime.CompilerServices;

namespace HvIntrospect.Interpreter.Operations.Simd;

/// <summary>The permutations of two vectors.</summary>
internal static class Permutations
{
    /// <summary>ZIP1 and ZIP2: lanes of both in turn.</summary>
    internal readonly struct Zip : IPermutation
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static int Source(int index, int count, int part) => ((index & 1) * count) + (part * count / 2) + (index / 2);
    }

    /// <summary>UZP1 and UZP2: every second lane of both.</summary>
    internal readonly struct Unzip : IPermutation
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static int Source(int index, int count, int part) => (2 * index) + part;
    }

    /// <summary>TRN1 and TRN2: every second lane of both in turn.</summary>
    internal readonly struct Transpose : IPermutation
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static int Source(int index, int count, int part) => ((index & 1) * count) + (index & ~1) + part;
    }
}
