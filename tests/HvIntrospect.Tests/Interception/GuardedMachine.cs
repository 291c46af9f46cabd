using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using HvIntrospect.Registers;

namespace HvIntrospect.Tests.Interception;

/// <summary>A machine without vCPUs whose memory is the pages that its control maps.</summary>
internal sealed class GuardedMachine : IVirtualMachine, IGuestMemory
{
    public RecordingControl? Control { get; init; } = new();

    public RecordingFilter? Filter { get; init; }

    public RecordingViews? Views { get; init; }

    public IReadOnlyList<IVcpu> Vcpus => [];

    public IGuestMemory Memory => this;

    public A64Features Features => A64Features.Armv8_0;

    public AtomicWidths CompareExchangeWidths => AtomicWidths.None;

    public bool TryGetCapability<T>([NotNullWhen(true)] out T? capability)
        where T : class
    {
        capability = Control as T ?? Views as T ?? Filter as T;
        return capability is not null;
    }

    public int Read(Ipa address, Span<byte> destination) =>
        Control?.TryGetMapping(address, out _) == true ? destination.Length : 0;

    public int Write(Ipa address, ReadOnlySpan<byte> source) => 0;

    public CompareExchangeResult TryCompareExchange(Ipa address, ReadOnlySpan<byte> expected, ReadOnlySpan<byte> replacement, Span<byte> observed) =>
        CompareExchangeResult.Absent;
}
