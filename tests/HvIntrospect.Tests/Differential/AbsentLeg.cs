using System;
using System.Buffers.Binary;
using HvIntrospect.Mmio;

namespace HvIntrospect.Tests.Differential;

/// <summary>The denied page is absent at Stage 2, and a device holds its bytes.</summary>
internal sealed class AbsentLeg : TrappedLeg
{
    private const int Offset = (int)(TestLayout.DeniedPage - TestLayout.Data);

    private readonly MemoryDevice _device = new();

    public AbsentLeg()
        : base("the library with a device", usesInlineFilter: true)
    {
        Guest.Machine.Stage2.Unmap(DeniedPage);
        Introspector.Mmio.Map(DeniedPage, _device);
    }

    public override long Trapped => _device.Calls;

    public override Outcome Execute(LoadStoreCase given)
    {
        given.Memory.AsSpan(Offset, (int)TestLayout.PageSize).CopyTo(_device.Bytes);
        Outcome outcome = base.Execute(given);
        _device.Bytes.AsSpan().CopyTo(outcome.Memory.AsSpan(Offset));
        return outcome;
    }

    private sealed class MemoryDevice : IMmioDevice
    {
        public byte[] Bytes { get; } = new byte[TestLayout.PageSize];

        public long Calls { get; private set; }

        public ulong Read(in MmioAccess access)
        {
            Calls++;
            Span<byte> value = stackalloc byte[sizeof(ulong)];
            value.Clear();
            Bytes.AsSpan((int)access.Offset, access.Size).CopyTo(value);
            return BinaryPrimitives.ReadUInt64LittleEndian(value);
        }

        public void Write(in MmioAccess access, ulong value)
        {
            Calls++;
            Span<byte> bytes = stackalloc byte[sizeof(ulong)];
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
            bytes[..access.Size].CopyTo(Bytes.AsSpan((int)access.Offset));
        }
    }
}
