namespace HvIntrospect.Interpreter.Operations.Simd;

/// <summary>Where the lanes of a permuted vector come from. Implemented by empty structs.</summary>
internal interface IPermutation
{
    /// <summary>Gets the source of one lane.</summary>
    /// <param name="index">The lane of Vd.</param>
    /// <param name="count">The lanes of a vector.</param>
    /// <param name="part">0 for the first half of the result (ZIP1), 1 for the second (ZIP2).</param>
    /// <returns>The lane of Vn, or that of Vm plus <paramref name="count"/>.</returns>
    static abstract int Source(int index, int count, int part);
}
