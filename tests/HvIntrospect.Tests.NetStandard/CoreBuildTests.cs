using System.Reflection;
using System.Runtime.Versioning;
using Xunit;

namespace HvIntrospect.Tests;

/// <summary>Makes sure that this project tests the build that it is named after.</summary>
public sealed class CoreBuildTests
{
    [Fact]
    public void TheCoreIsItsNetStandardBuild() => Assert.Equal(
        ".NETStandard,Version=v2.0", typeof(Ipa).Assembly.GetCustomAttribute<TargetFrameworkAttribute>()?.FrameworkName);
}
