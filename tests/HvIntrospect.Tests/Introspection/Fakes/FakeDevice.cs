using System;
using System.Collections.Generic;
using HvIntrospect.Mmio;

namespace HvIntrospect.Tests.Introspection.Fakes;

/// <summary>A device that counts what reaches it.</summary>
internal sealed class FakeDevice : IMmioDevice
{
    public List<string> Log { get; } = [];

    public ulong Value { get; set; } = 0x8877_6655_4433_2211;

    /// <summary>Gets or sets what happens before each access.</summary>
    public Action<int>? Before { get; set; }

    public ulong Read(ulong offset, int size)
    {
        Before?.Invoke(Log.Count);
        Log.Add($"R{size} {offset:x}");
        return Value;
    }

    public void Write(ulong offset, int size, ulong value)
    {
        Before?.Invoke(Log.Count);
        Log.Add($"W{size} {offset:x}={value:x}");
    }
}
