using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using HvIntrospect.Tooling.Loading;
using Xunit;

namespace HvIntrospect.Tests.Architecture;

/// <summary>Holds the arrows of the house: a room names rooms of lower floors only, and packages name only what they may.</summary>
public sealed class RoomArrowTests
{
    private static readonly Dictionary<string, int> s_floorOfRoom = new()
    {
        ["HvIntrospect"] = 0,
        ["HvIntrospect.Registers"] = 0,
        ["HvIntrospect.A64"] = 1,
        ["HvIntrospect.Translation"] = 2,
        ["HvIntrospect.LoadStores"] = 3,
        ["HvIntrospect.Stepping"] = 3,
        ["HvIntrospect.Interception"] = 3,
        ["HvIntrospect.Exceptions"] = 3,
        ["HvIntrospect.Watchpoints"] = 4,
        ["HvIntrospect.Mmio"] = 4,
        ["HvIntrospect.Introspection"] = 5,
        ["HvIntrospect.Tooling.Symbols"] = 0,
        ["HvIntrospect.Tooling.Tables"] = 0,
        ["HvIntrospect.Tooling.Loading"] = 1,
        ["HvIntrospect.Tooling.Tracing"] = 1,
    };

    [Theory]
    [InlineData(typeof(Ipa))]
    [InlineData(typeof(ElfFile))]
    public void RoomsNameOnlyRoomsOfLowerFloors(Type inPackage)
    {
        Assembly package = inPackage.Assembly;
        var wrong = new SortedSet<string>(StringComparer.Ordinal);
        foreach (Type type in package.GetTypes())
        {
            foreach (Type named in TypeReferences.Of(type).Where(named => named.Assembly == package))
            {
                if (RoomOf(type) is string from && RoomOf(named) is string to && !IsAllowed(from, to))
                {
                    wrong.Add($"{type.FullName} names {named.FullName}");
                }
            }
        }

        Assert.Empty(wrong);
    }

    [Theory]
    [InlineData(typeof(Ipa))]
    [InlineData(typeof(ElfFile))]
    public void EveryNamespaceIsAKnownRoom(Type inPackage)
    {
        IEnumerable<string> unknown = inPackage.Assembly.GetTypes()
            .Where(type => type.Namespace?.StartsWith("HvIntrospect", StringComparison.Ordinal) == true && RoomOf(type) is null)
            .Select(type => type.Namespace!)
            .Distinct();
        Assert.Empty(unknown);
    }

    [Fact]
    public void AReferenceInsideAMethodBodyIsSeen()
    {
        Assert.Contains(typeof(UriBuilder), TypeReferences.Of(typeof(NamesAUriBuilderInABody)));
        Assert.False(IsAllowed("HvIntrospect.Watchpoints", "HvIntrospect.Mmio"));
        Assert.False(IsAllowed("HvIntrospect.A64", "HvIntrospect.Translation"));
        Assert.True(IsAllowed("HvIntrospect.Introspection", "HvIntrospect.Mmio"));
    }

    [Theory]
    [InlineData("HvIntrospect", new[] { "Microsoft.Extensions.Logging.Abstractions" })]
    [InlineData("HvIntrospect.Interpreter", new[] { "HvIntrospect" })]
    [InlineData("HvIntrospect.Tooling", new[] { "HvIntrospect" })]
    public void PackagesReferenceOnlyWhatTheyMay(string package, string[] allowed)
    {
        IEnumerable<string> foreign = Assembly.Load(package).GetReferencedAssemblies()
            .Select(reference => reference.Name!)
            .Where(name => !name.StartsWith("System.", StringComparison.Ordinal) && name != "netstandard" && !allowed.Contains(name));
        Assert.Empty(foreign);
    }

    private static bool IsAllowed(string from, string to) =>
        from == to || s_floorOfRoom[to] < s_floorOfRoom[from] || (s_floorOfRoom[from] == 0 && s_floorOfRoom[to] == 0);

    /// <summary>The room of a type: the longest known room name that its namespace starts with, so that sub-rooms belong to their room.</summary>
    private static string? RoomOf(Type type)
    {
        for (string? space = type.Namespace; !string.IsNullOrEmpty(space); space = Parent(space))
        {
            if (s_floorOfRoom.ContainsKey(space) && (space != "HvIntrospect" || type.Namespace == "HvIntrospect"))
            {
                return space;
            }
        }

        return null;
    }

    private static string? Parent(string space) => space.Contains('.', StringComparison.Ordinal) ? space[..space.LastIndexOf('.')] : null;

    private static class NamesAUriBuilderInABody
    {
        public static string Text() => new UriBuilder("http", "localhost").Host;
    }
}
