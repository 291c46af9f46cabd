namespace HvIntrospect.Mmio;

/// <summary>A device whose state can be kept and brought back, as a snapshot of a machine does.</summary>
/// <remarks>No vCPU accesses the device meanwhile.</remarks>
public interface IStatefulDevice
{
    /// <summary>Copies everything that the device remembers.</summary>
    /// <returns>The state; it does not change any more.</returns>
    object SaveState();

    /// <summary>Goes back to a state. The levels of the device's outputs change silently: whoever they reach goes back to its own state.</summary>
    /// <param name="state">What <see cref="SaveState"/> of the same device, or of one that was made alike, returned.</param>
    /// <exception cref="System.ArgumentException"><paramref name="state"/> is not of such a device; nothing was changed.</exception>
    void RestoreState(object state);
}
