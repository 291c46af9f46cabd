namespace HvIntrospect.Interpreter.Semantics;

/// <summary>Polynomials over {0, 1}.</summary>
internal static class Polynomials
{
    /// <summary>Multiplies two polynomials of eight coefficients.</summary>
    /// <param name="left">The first factor, below 256.</param>
    /// <param name="right">The second factor, below 256.</param>
    /// <returns>The product, of fifteen coefficients.</returns>
    public static uint Multiply(uint left, uint right)
    {
        uint product = 0;
        for (int i = 0; i < 8; i++)
        {
            product ^= ((right >> i) & 1) * (left << i);
        }

        return product;
    }
}
