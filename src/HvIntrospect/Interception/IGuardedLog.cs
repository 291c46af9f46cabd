namespace HvIntrospect.Interception;

/// <summary>A dirty log as <see cref="PageGuards"/> knows it.</summary>
internal interface IGuardedLog : IDirtyLog
{
    /// <summary>Takes note of writes that hardware does not note: by the library, or one that is denied.</summary>
    /// <param name="range">The bytes; not empty.</param>
    void Note(IpaRange range);

    /// <summary>Takes note that a mapping has changed. Called in a change.</summary>
    /// <param name="range">The whole pages.</param>
    void OnMapped(IpaRange range);

    /// <summary>Ends the tracking because all guards end. It must not throw.</summary>
    void Forget();
}
