using System;
using System.Threading;

namespace HvIntrospect.Watchpoints;

/// <summary>Tells other threads whether a vCPU's thread is inside a stretch of code, and lets them wait until it has left it.</summary>
/// <remarks><see cref="Enter"/> and <see cref="Leave"/> belong to the vCPU's thread; the rest may be used by any thread.</remarks>
internal sealed class BusySlot
{
    // Odd while the thread is inside.
    private int _epoch;
    private int _thread;

    /// <summary>Gets a value indicating whether the calling thread is inside for this vCPU.</summary>
    public bool IsEnteredByThisThread => (Volatile.Read(ref _epoch) & 1) != 0 && Volatile.Read(ref _thread) == Environment.CurrentManagedThreadId;

    /// <summary>Announces that the thread goes inside. What is read afterwards was not read before.</summary>
    /// <returns>False when it is inside already; then <see cref="Leave"/> is not called.</returns>
    public bool Enter()
    {
        if ((_epoch & 1) != 0)
        {
            return false;
        }

        _thread = Environment.CurrentManagedThreadId;
        Interlocked.Increment(ref _epoch);
        return true;
    }

    /// <summary>Announces that the thread has left.</summary>
    public void Leave() => Volatile.Write(ref _epoch, _epoch + 1);

    /// <summary>Returns when the vCPU's thread has left if it is inside now. Does not wait for the calling thread itself.</summary>
    public void WaitUntilLeft()
    {
        int epoch = Volatile.Read(ref _epoch);
        if ((epoch & 1) == 0 || Volatile.Read(ref _thread) == Environment.CurrentManagedThreadId)
        {
            return;
        }

        var spinner = default(SpinWait);
        while (Volatile.Read(ref _epoch) == epoch)
        {
            spinner.SpinOnce();
        }
    }
}
