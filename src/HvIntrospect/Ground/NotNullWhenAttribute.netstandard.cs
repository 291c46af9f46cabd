namespace System.Diagnostics.CodeAnalysis;

/// <summary>.NET Standard 2.0 lacks the attribute; the compiler finds it by name.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
internal sealed class NotNullWhenAttribute : Attribute
{
    public NotNullWhenAttribute(bool returnValue)
    {
        ReturnValue = returnValue;
    }

    public bool ReturnValue { get; }
}
