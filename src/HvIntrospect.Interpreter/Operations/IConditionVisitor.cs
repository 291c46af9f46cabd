namespace HvIntrospect.Interpreter.Operations;

/// <summary>Binds an operation once its condition is known as a type.</summary>
internal interface IConditionVisitor
{
    /// <summary>Binds the operation.</summary>
    /// <typeparam name="TCondition">The condition.</typeparam>
    void Visit<TCondition>()
        where TCondition : struct, ICondition;
}
