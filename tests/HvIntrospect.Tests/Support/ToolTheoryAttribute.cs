using Xunit;

namespace HvIntrospect.Tests.Support;

/// <summary>A theory that needs an external program; without it the test is skipped and says so.</summary>
internal sealed class ToolTheoryAttribute : TheoryAttribute
{
    public ToolTheoryAttribute(string tool)
    {
        Tool = tool;
        Skip = new ToolFactAttribute(tool).Skip;
    }

    public string Tool { get; }
}
