using System;

namespace HvIntrospect.A64;

/// <summary>The yes-or-no properties of a <see cref="LoadStoreAccess"/>, as it packs them.</summary>
[Flags]
internal enum LoadStoreFlags : uint
{
    None = 0,
    Writeback = 1u << 0,
    SignExtends = 1u << 1,
    Vector = 1u << 2,
    Acquire = 1u << 3,
    Release = 1u << 4,
    AcquirePc = 1u << 5,
    LORegion = 1u << 6,
    Exclusive = 1u << 7,
    Unprivileged = 1u << 8,
    NonTemporal = 1u << 9,
    KeyA = 1u << 10,
    KeyB = 1u << 11,
    Tags = 1u << 12,
    Zeroes = 1u << 13,
    GuardedControlStack = 1u << 14,
    Replicates = 1u << 15,
    ReportsSyndrome = 1u << 16,
    MayReportSyndrome = 1u << 17,
    ReadCheckWrite = 1u << 18,
    Soft = 1u << 19,
    WriteUnprivileged = 1u << 20,
    ReadUnprivileged = 1u << 21,
    WriteNonTemporal = 1u << 22,
    ReadNonTemporal = 1u << 23,
    SingleLane = 1u << 24,

    // The stage of a memory operation is a number of two bits here.
    StageMask = 3u << 25,
}
