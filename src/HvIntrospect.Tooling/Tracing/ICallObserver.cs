namespace HvIntrospect.Tooling.Tracing;

/// <summary>Is told of calls by a <see cref="CallRecorder"/>, on the thread that feeds it.</summary>
public interface ICallObserver
{
    /// <summary>A function was entered.</summary>
    /// <param name="call">The call, which is <see cref="CallEnd.Open"/>.</param>
    void OnEntry(in CallRecord call);

    /// <summary>A call ended. Each call ends once, after all that are nested in it.</summary>
    /// <param name="call">The call.</param>
    void OnEnd(in CallRecord call);

    /// <summary>The trace is over, and every call has ended.</summary>
    /// <param name="statistics">What was seen in all.</param>
    void OnComplete(in CallStatistics statistics);
}
