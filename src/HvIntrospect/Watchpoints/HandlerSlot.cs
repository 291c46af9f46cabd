using System;
using System.Threading;

namespace HvIntrospect.Watchpoints;

/// <summary>Tells other threads whether a vCPU's thread is calling handlers.</summary>
/// <remarks><see cref="Enter"/> and <see cref="Leave"/> belong to the vCPU's thread; the rest may be used by any thread.</remarks>
internal sealed class HandlerSlot
{
    // Odd while handlers are called.
    private int _epoch;
    private int _thread;

    /// <summary>Gets a value indicating whether the calling thread is inside a handler of this vCPU.</summary>
    public bool IsEnteredByThisThread => (Volatile.Read(ref _epoch) & 1) != 0 && Volatile.Read(ref _thread) == Environment.CurrentManagedThreadId;

    /// <summary>Announces that handlers are going to be called. What is read afterwards was not read before.</summary>
    /// <returns>False when the thread is inside a handler already; then <see cref="Leave"/> is not called.</returns>
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

    /// <summary>Announces that the handlers have returned.</summary>
    public void Leave() => Volatile.Write(ref _epoch, _epoch + 1);

    /// <summary>Returns when the vCPU's thread has left the handlers that it is in now. Does not wait for the calling thread itself.</summary>
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
