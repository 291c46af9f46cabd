using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using HvIntrospect.Tests.Differential;
using HvIntrospect.Tests.LoadStores;
using HvIntrospect.Watchpoints;

namespace HvIntrospect.Tests.Introspection.OnTheMachine;

/// <summary>The log of somebody who sees every access: the case executed on flat memory that writes down each element.</summary>
internal static class ExpectedEvents
{
    /// <summary>Makes the log.</summary>
    /// <param name="given">The case.</param>
    /// <param name="watches">Who watches.</param>
    /// <param name="hasUnalignedAtomics">Whether the machine has FEAT_LSE2.</param>
    public static List<string> Of(LoadStoreCase given, IEnumerable<WatchSpec> watches, bool hasUnalignedAtomics = false)
    {
        var reference = new SemanticsLeg(hasUnalignedAtomics: hasUnalignedAtomics);
        Outcome outcome = reference.Execute(given);
        var elements = new List<(WatchKinds Kind, ulong Address, int Size)>();
        foreach (string entry in reference.Log)
        {
            // "R8 40020000" or "W8 40020000=12"; after what an atomic has read, "M16 40020000" when it writes all of that. Tags are no data.
            string[] parts = entry.Split(' ', '=');
            int size = int.TryParse(parts[0].AsSpan(1), out int number) ? number : 0;
            switch (parts[0][0])
            {
                case 'R' or 'W':
                    elements.Add((parts[0][0] == 'R' ? WatchKinds.Read : WatchKinds.Write, Convert.ToUInt64(parts[1], 16), size));
                    break;
                case 'M':
                    for (int i = elements.Count - (size / elements[^1].Size); i < elements.Count; i++)
                    {
                        elements[i] = (WatchKinds.ReadWrite, elements[i].Address, elements[i].Size);
                    }

                    break;
            }
        }

        var events = new List<string>();
        foreach ((WatchKinds kind, ulong address, int size) in elements)
        {
            ulong old = Value(given.Memory, address, size);
            ulong after = kind == WatchKinds.Read ? old : Value(outcome.Memory, address, size);
            foreach (WatchSpec watch in watches)
            {
                if (watch.EventOf(kind, address, size, old, after) is string text)
                {
                    events.Add(text);
                }
            }
        }

        return events;
    }

    private static ulong Value(byte[] memory, ulong address, int size)
    {
        Span<byte> bytes = stackalloc byte[8];
        bytes.Clear();
        memory.AsSpan((int)(address - TestLayout.Data), size).CopyTo(bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }
}
