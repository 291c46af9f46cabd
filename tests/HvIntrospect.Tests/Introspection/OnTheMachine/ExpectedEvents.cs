using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Globalization;
using HvIntrospect.A64;
using HvIntrospect.Registers;
using HvIntrospect.Tests.Differential;
using HvIntrospect.Tests.LoadStores;
using HvIntrospect.Watchpoints;

namespace HvIntrospect.Tests.Introspection.OnTheMachine;

/// <summary>The log of somebody who sees every access: the case executed on flat memory that writes down each element.</summary>
internal static class ExpectedEvents
{
    private static readonly A64Decoder s_decoder = new(A64Features.All | A64Features.Later);

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

        if (elements.Count > 1 && IsOneAccess(given, elements[0], elements.Count, hasUnalignedAtomics))
        {
            elements = [(elements[0].Kind, elements[0].Address, elements.Count * elements[0].Size)];
        }

        var events = new List<string>();
        foreach ((WatchKinds kind, ulong address, int size) in elements)
        {
            Span<byte> old = given.Memory.AsSpan((int)(address - TestLayout.Data), size);
            Span<byte> after = kind == WatchKinds.Read ? old : outcome.Memory.AsSpan((int)(address - TestLayout.Data), size);
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

    /// <summary>Makes the log of a memory copy or set, whose pieces may lie over one another: by doing them one after the other.</summary>
    /// <param name="given">The case.</param>
    /// <param name="watches">Who watches.</param>
    public static List<string> OfCopyOrSet(LoadStoreCase given, IReadOnlyList<WatchSpec> watches)
    {
        var reference = new SemanticsLeg();
        reference.Execute(given);
        var events = new List<string>();
        byte[] memory = (byte[])given.Memory.Clone();
        Span<byte> old = stackalloc byte[8];
        Span<byte> written = stackalloc byte[8];
        foreach (string entry in reference.Log)
        {
            // "R8 40020000", "W8 40020000=12", "T 40020000=3".
            string[] parts = entry.Split(' ', '=');
            if (parts[0] == "T")
            {
                continue;
            }

            WatchKinds kind = parts[0][0] == 'R' ? WatchKinds.Read : WatchKinds.Write;
            int size = int.Parse(parts[0].AsSpan(1), CultureInfo.InvariantCulture);
            ulong address = Convert.ToUInt64(parts[1], 16);
            Span<byte> bytes = memory.AsSpan((int)(address - TestLayout.Data), size);
            bytes.CopyTo(old);
            if (kind == WatchKinds.Write)
            {
                BinaryPrimitives.WriteUInt64LittleEndian(written, Convert.ToUInt64(parts[2], 16));
                written[..size].CopyTo(bytes);
            }

            foreach (WatchSpec watch in watches)
            {
                if (watch.EventOf(kind, address, size, old[..size], bytes) is string text)
                {
                    events.Add(text);
                }
            }
        }

        return events;
    }

    /// <summary>What the manual lists under "Requirements for single-copy atomicity", by encoding class.</summary>
    private static bool IsOneAccess(LoadStoreCase given, (WatchKinds Kind, ulong Address, int Size) first, int count, bool hasUnalignedAtomics)
    {
        // The word may be another one than the case was made with.
        s_decoder.DecodeLoadStore(given.Word, out LoadStoreAccess access);
        switch (access.Class)
        {
            case LoadStoreClass.Atomic: // LD64B and its kin, too
            case LoadStoreClass.CompareAndSwapPair or LoadStoreClass.CompareAndSwapPairUnprivileged or LoadStoreClass.Atomic128:
            case LoadStoreClass.ReadCheckWriteCompareAndSwapPair:
                return true;
            case LoadStoreClass.ExclusivePair:
                return first.Kind == WatchKinds.Write || first.Size == 4;
            case LoadStoreClass.PairPostIndexed or LoadStoreClass.PairOffset or LoadStoreClass.PairPreIndexed or LoadStoreClass.PairNoAllocate or LoadStoreClass.RcpcPair:
                // Pairs of FEAT_LSE2, but neither STGP, whose granule is two accesses, nor two Q registers.
                return hasUnalignedAtomics && count == 2 && !access.EncodingId.StartsWith("STGP", StringComparison.Ordinal)
                    && (first.Address & 15) + (ulong)(2 * first.Size) <= 16;
            default:
                return false;
        }
    }
}
