using System.Linq;
using Xunit;

namespace HvIntrospect.Tests.Support;

/// <summary>A test that needs programs of the machine; skipped, visibly, where one is absent.</summary>
internal sealed class ToolFactAttribute : FactAttribute
{
    public ToolFactAttribute(params string[] tools)
    {
        Tools = tools;
        string[] absent = [.. tools.Where(tool => !ExternalTool.IsPresent(tool))];
        if (absent.Length != 0)
        {
            Skip = string.Join(", ", absent) + " is not installed";
        }
    }

    public string[] Tools { get; }
}
