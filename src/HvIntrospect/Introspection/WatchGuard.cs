using System;
using HvIntrospect.Interception;
using HvIntrospect.Watchpoints;

namespace HvIntrospect.Introspection;

/// <summary>Turns what watches must see into what Stage 2 denies.</summary>
internal sealed class WatchGuard : IWatchGuard
{
    private readonly IVirtualMachine _machine;
    private readonly PageGuards _pages;

    /// <summary>Makes a guard.</summary>
    /// <param name="machine">The machine; its capabilities are asked for.</param>
    /// <param name="pages">Stage 2.</param>
    public WatchGuard(IVirtualMachine machine, PageGuards pages)
    {
        _machine = machine;
        _pages = pages;
    }

    /// <inheritdoc/>
    public void Demand(WatchKinds kinds)
    {
        _pages.Demand(AccessOf(kinds));
        if ((kinds & WatchKinds.Execute) == 0)
        {
            return;
        }

        if (_machine.Vcpus.Count > 1 && !_machine.TryGetCapability<IPauseAll>(out _))
        {
            throw new NotSupportedException("Watching instructions of several vCPUs needs the capability IPauseAll, to keep the others out of a page that is open for one.");
        }

        foreach (IVcpu vcpu in _machine.Vcpus)
        {
            if (!vcpu.TryGetCapability<ISingleStep>(out _))
            {
                throw new NotSupportedException("Watching instructions needs the capability ISingleStep of every vCPU, to execute them with their page open.");
            }
        }
    }

    /// <inheritdoc/>
    public IDisposable Deny(IpaRange range, WatchKinds kinds)
    {
        Demand(kinds);
        return _pages.Claim(range, AccessOf(kinds));
    }

    private static Stage2Access AccessOf(WatchKinds kinds) =>
        ((kinds & WatchKinds.Read) != 0 ? Stage2Access.Read : 0)
        | ((kinds & WatchKinds.Write) != 0 ? Stage2Access.Write : 0)
        | ((kinds & WatchKinds.Execute) != 0 ? Stage2Access.Execute : 0);
}
