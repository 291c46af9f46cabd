namespace HvIntrospect.Watchpoints;

/// <summary>Receives the accesses that a watch sees and answers what is to happen to them.</summary>
/// <remarks>
/// Called on the vCPU's thread before anything of the access is performed, without a lock held; for different vCPUs at one time.
/// An exception propagates to whoever handles the exit: nothing of the access is performed, PC is unchanged and the exit can be handled again.
/// </remarks>
/// <param name="e">The access; its spans are valid during the call.</param>
/// <returns>What is to happen.</returns>
public delegate WatchResponse WatchHandler(in WatchEvent e);
