using HvIntrospect.Interpreter.Dispatch;

namespace HvIntrospect.Interpreter.Operations;

/// <summary>What binders of FP and SIMD operations share.</summary>
internal static class SimdForms
{
    /// <summary>Sets the offsets of Vd, Vn and Vm.</summary>
    /// <param name="word">The instruction word.</param>
    /// <param name="builder">The operation.</param>
    public static void SetVectors(uint word, OperationBuilder builder)
    {
        builder.Value.Rd = OperationBuilder.Vector(WordFields.Rd(word));
        builder.Value.Rn = OperationBuilder.Vector(WordFields.Rn(word));
        builder.Value.Rm = OperationBuilder.Vector(WordFields.Rm(word));
    }

    /// <summary>Sets the handler.</summary>
    /// <typeparam name="T">What the operation does when it does not trap.</typeparam>
    /// <param name="builder">The operation.</param>
    public static void Use<T>(OperationBuilder builder)
        where T : struct, ISimdOperation => builder.UseWithSlowPath<SimdGuard<T>>();
}
