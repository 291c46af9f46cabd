using System;
using System.Collections.Generic;
using System.Linq;
using HvIntrospect.Interpreter;
using Xunit;

namespace HvIntrospect.Tests.Architecture;

/// <summary>Holds the arrows between the rooms of the interpreter: each names exactly the rooms that are declared here, no more and no fewer.</summary>
/// <remarks>
/// The rooms are no floors as those of the core are: a core's state is one block whose fields point to operations, pages and translations, and all rooms
/// reach one another through its <c>Processor</c>. What holds is that Semantics is pure, that nobody but the engine uses Inputs, that only operations and
/// the engine raise exceptions, and that memory and translation know neither operations nor exceptions nor timers.
/// </remarks>
public sealed class InterpreterRoomTests
{
    private const string Package = "HvIntrospect.Interpreter";
    private const string Engine = "Engine";

    // The package's own namespace is the room Engine: the machine, its vCPUs and what binds the rooms together.
    private static readonly Dictionary<string, string[]> s_arrows = new()
    {
        ["Checking"] = [],
        ["Debug"] = [Engine, "State"],
        ["Devices"] = [Engine],
        ["Dispatch"] = [Engine, "Memory", "Mmu", "Operations", "State"],
        [Engine] = ["Checking", "Debug", "Devices", "Dispatch", "Exceptions", "Inputs", "Memory", "Mmu", "Operations", "Scheduling", "State", "Timers"],
        ["Exceptions"] = ["Debug", "Dispatch", Engine, "Mmu", "State"],
        ["Inputs"] = [Engine, "State"],
        ["Memory"] = ["Dispatch", Engine],
        ["Mmu"] = ["Debug", "Dispatch", Engine, "Memory", "State"],
        ["Operations"] = ["Checking", "Dispatch", Engine, "Exceptions", "Memory", "Mmu", "Semantics", "State", "Timers"],
        ["Scheduling"] = [Engine, "State"],
        ["Semantics"] = [],
        ["State"] = ["Dispatch", Engine, "Mmu", "Operations"],
        ["Timers"] = [Engine, "State"],
    };

    [Fact]
    public void RoomsNameExactlyTheRoomsThatAreDeclared()
    {
        var found = new SortedDictionary<string, SortedSet<string>>(StringComparer.Ordinal);
        foreach (Type type in typeof(Machine).Assembly.GetTypes())
        {
            if (RoomOf(type) is not string room)
            {
                continue;
            }

            found.TryAdd(room, new SortedSet<string>(StringComparer.Ordinal));
            foreach (Type named in TypeReferences.Of(type))
            {
                if (RoomOf(named) is string other && other != room)
                {
                    found[room].Add(other);
                }
            }
        }

        IEnumerable<string> declared = Lines(s_arrows.Select(static arrows => (arrows.Key, (IEnumerable<string>)arrows.Value)));
        IEnumerable<string> real = Lines(found.Select(static arrows => (arrows.Key, (IEnumerable<string>)arrows.Value)));
        Assert.True(declared.SequenceEqual(real), "The rooms name each other so:\n" + string.Join('\n', real));
    }

    private static IEnumerable<string> Lines(IEnumerable<(string Room, IEnumerable<string> Named)> arrows) => arrows
        .Select(static arrow => arrow.Room + ": " + string.Join(' ', arrow.Named.Order(StringComparer.Ordinal)))
        .Order(StringComparer.Ordinal);

    /// <summary>The first part of the namespace below the package's own; sub-rooms belong to their room.</summary>
    private static string? RoomOf(Type type)
    {
        if (type.Assembly != typeof(Machine).Assembly || type.Namespace is not string space || !space.StartsWith(Package, StringComparison.Ordinal))
        {
            return null;
        }

        return space.Length == Package.Length ? Engine : space[(Package.Length + 1)..].Split('.')[0];
    }
}
