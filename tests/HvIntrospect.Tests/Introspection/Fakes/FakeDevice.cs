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

    public ulong Read(in MmioAccess access)
    {
        Before?.Invoke(Log.Count);
        Log.Add($"R{access.Size} {access.Offset:x}");
        return Value;
    }

    public void Write(in MmioAccess access, ulong value)
    {
        Before?.Invoke(Log.Count);
        Log.Add($"W{access.Size} {access.Offset:x}={value:x}");
    }
}
