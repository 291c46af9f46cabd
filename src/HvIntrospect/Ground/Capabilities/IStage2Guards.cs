namespace HvIntrospect;

/// <summary>Keeps what is denied to the guest in force while whoever owns Stage 2 changes what is mapped.</summary>
/// <remarks>
/// Implemented by the room Interception; called, where <see cref="IStage2Control.SetGuards"/> has set it, around every change of the mapping that does
/// not come through <see cref="IStage2Control"/>. A mapping is made with what <see cref="DeniedFrom"/> leaves of its access, so that no vCPU ever meets it without
/// the denials.
/// </remarks>
public interface IStage2Guards
{
    /// <summary>Begins a change: denials stay as they are until <see cref="EndChange"/>. May wait for vCPUs, so it is called with no lock held.</summary>
    void BeginChange();

    /// <summary>Gets what is to be denied from an address on. Called between <see cref="BeginChange"/> and <see cref="EndChange"/>.</summary>
    /// <param name="start">The address.</param>
    /// <param name="last">Receives the last byte of the range in which it is the same.</param>
    /// <returns>What Stage 2 must not permit there, whatever is mapped.</returns>
    Stage2Access DeniedFrom(Ipa start, out Ipa last);

    /// <summary>Says what has changed. Called between <see cref="BeginChange"/> and <see cref="EndChange"/>, when the mapping is what it will be.</summary>
    /// <param name="range">The changed range, aligned to <see cref="IStage2Control.Granule"/> at both ends.</param>
    /// <param name="access">What the mapped parts permit without the denials; not used where nothing is mapped.</param>
    void Changed(IpaRange range, Stage2Access access);

    /// <summary>Says that a view is removed, with all that was denied in it alone. Called between <see cref="BeginChange"/> and <see cref="EndChange"/>.</summary>
    /// <param name="view">The view's number, which another one may get later.</param>
    void Removed(int view);

    /// <summary>Says that memory was written otherwise than by a vCPU: through <see cref="IVirtualMachine.Memory"/>. Called when the bytes are there, on any thread, with no lock held.</summary>
    /// <param name="range">The written bytes.</param>
    void Written(IpaRange range);

    /// <summary>Ends what <see cref="BeginChange"/> began, also after a failure.</summary>
    void EndChange();
}
