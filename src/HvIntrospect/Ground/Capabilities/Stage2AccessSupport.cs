using System;

namespace HvIntrospect;

/// <summary>What a backend's Stage 2 control can do. A policy asks at construction and its exception names what is missing.</summary>
[Flags]
public enum Stage2AccessSupport
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Writes can be denied while reads stay free.</summary>
    WriteProtect = 1,

    /// <summary>All data accesses can be denied.</summary>
    NoAccess = 2,

    /// <summary>Reads and writes can be denied while fetches stay free.</summary>
    ExecuteOnly = 4,

    /// <summary>Fetches can be denied while data accesses stay free.</summary>
    NoExecute = 8,

    /// <summary>A denied fetch is an exit; without it the guest gets an abort.</summary>
    FetchExits = 16,

    /// <summary>A denied access of a Stage 1 walk is an exit.</summary>
    WalkExits = 32,

    /// <summary>Access can differ between vCPUs.</summary>
    PerVcpu = 64,

    /// <summary>A change takes effect at once for all vCPUs, with no window in which the page is absent.</summary>
    AtomicChange = 128,

    /// <summary>A change can be made while vCPUs run: what they meet of it is in transition (<see cref="Stage2MappingInfo.IsInTransition"/>), and their cores take maintenance at any time.</summary>
    LiveChange = 256,

    /// <summary>Fetches can be denied at EL0 and at EL1 apart; without it, a denial of either is one of both.</summary>
    ExecuteByLevel = 512,
}
