using HvIntrospect.A64;
using HvIntrospect.Interception;

namespace HvIntrospect.Introspection;

/// <summary>The exclusive monitor of a vCPU: its core's where the backend offers that, else one in software.</summary>
internal sealed class ExclusiveAccess
{
    private readonly Services _services;
    private readonly CurrentAccess _current;

    /// <summary>Makes the monitor of a vCPU.</summary>
    /// <param name="current">The vCPU's access.</param>
    public ExclusiveAccess(CurrentAccess current)
    {
        _services = current.Services;
        _current = current;
    }

    /// <summary>Marks a location, as a load-exclusive does.</summary>
    /// <param name="address">The location.</param>
    /// <param name="size">Its size in bytes, up to 16.</param>
    /// <param name="loaded">The bytes that were loaded.</param>
    public void Arm(Ipa address, int size, VectorRegister loaded)
    {
        if (_current.State.Monitor is IExclusiveMonitor monitor)
        {
            monitor.Arm(address, size);
        }
        else
        {
            _services.Monitors.Arm(_current.Vcpu, _current.View.Number, address, size, loaded);
        }
    }

    /// <summary>Tells whether the monitor holds a location.</summary>
    /// <param name="address">The location.</param>
    /// <param name="size">Its size in bytes.</param>
    /// <param name="found">The bytes that are there now.</param>
    /// <returns>True when a store-exclusive may store.</returns>
    public bool Holds(Ipa address, int size, VectorRegister found)
    {
        if (_current.State.Monitor is IExclusiveMonitor monitor)
        {
            return monitor.IsArmed(address, size);
        }

        return _services.Monitors.Holds(_current.Vcpu, _current.View.Number, address, size, out VectorRegister loaded) && loaded == found;
    }

    /// <summary>Sees to it that the store of the guest's next try succeeds if nobody stores meanwhile.</summary>
    /// <param name="access">The store-exclusive.</param>
    /// <param name="address">Its location.</param>
    /// <param name="found">The bytes that are there now.</param>
    /// <returns>False when it never could: then the access is refused.</returns>
    public bool CanNextTrySucceed(in LoadStoreAccess access, Ipa address, VectorRegister found)
    {
        if (_current.State.Monitor is not null || (_services.Pages.DeniedAt(address, _current.View.Number) & Stage2Access.Read) != 0)
        {
            return true;
        }

        // Every store to the page comes here: until the next one the guest's own load can only read what is there now. It stays native, because a core
        // whose monitor is open may fail the store without a trap. The load must be in the code right before, lest a store without one succeeds.
        if ((_services.Pages.DeniedAt(address, _current.View.Number) & Stage2Access.Write) != 0 && ExclusiveSequence.BeginsBefore(_services, _current.View, _current.Vcpu, access))
        {
            _services.Monitors.Arm(_current.Vcpu, _current.View.Number, address, access.TotalSize, found);
            return true;
        }

        if (_services.ExclusivePages.TryAdd(address))
        {
            return true;
        }

        return _current.Refuse(Refusal.NoMonitor);
    }

    /// <summary>Opens the monitor.</summary>
    public void Clear()
    {
        _current.State.Monitor?.Clear();
        _services.Monitors.Clear(_current.State.Index);
    }

    /// <summary>Ends the sequence of a store-exclusive that has stored.</summary>
    /// <param name="address">Its location.</param>
    /// <param name="size">Its size in bytes.</param>
    public void OnStored(Ipa address, int size)
    {
        _services.Monitors.OnStore(_current.State.Index, address, size);
        _services.ExclusivePages.Release(address);
    }
}
