using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using HvIntrospect.A64;
using HvIntrospect.LoadStores;
using HvIntrospect.Registers;
using HvIntrospect.Tests.Differential;
using HvIntrospect.Tests.LoadStores;
using HvIntrospect.Watchpoints;

namespace HvIntrospect.Tests.Introspection.OnTheMachine;

/// <summary>The log of somebody who sees every access: the case executed on flat memory that writes down each element.</summary>
internal static class ExpectedEvents
{
    public static List<string> Of(LoadStoreCase given, IEnumerable<WatchSpec> watches)
    {
        byte[] memory = [.. given.Memory];
        FlatMachine machine = new(TestLayout.Data, memory) { Sp = given.Sp, Pc = given.Pc };
        given.X.CopyTo(machine.X, 0);
        for (int i = 0; i < machine.V.Length; i++)
        {
            machine.V[i] = new VectorRegister((ulong)given.V[i], (ulong)(given.V[i] >> 64));
        }

        A64Decoder.Default.DecodeLoadStore(given.Word, out LoadStoreAccess access);
        var bus = new FlatBus(machine);
        LoadStoreSemantics.Perform(access, ref bus);
        var events = new List<string>();
        foreach (string entry in machine.Log)
        {
            // "R8 40020000" or "W8 40020000=12"
            string[] parts = entry.Split(' ', '=');
            WatchKinds kind = parts[0][0] == 'R' ? WatchKinds.Read : WatchKinds.Write;
            int size = parts[0][1] - '0';
            ulong address = Convert.ToUInt64(parts[1], 16);
            ulong old = Value(given.Memory, address, size);
            ulong written = kind == WatchKinds.Write ? Convert.ToUInt64(parts[2], 16) : old;
            foreach (WatchSpec watch in watches)
            {
                if (watch.EventOf(kind, address, size, old, written) is string text)
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
