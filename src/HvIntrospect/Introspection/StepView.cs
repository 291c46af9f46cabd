using System;
using HvIntrospect.Interception;

namespace HvIntrospect.Introspection;

/// <summary>A view of one vCPU alone, in which pages are open for its step: nobody else has it active, so that nobody else must be stopped.</summary>
/// <remarks>Touched only by the thread that handles the vCPU, or when no exit is handled any more. It is made when it is first needed.</remarks>
internal sealed class StepView
{
    private readonly IStage2Views? _views;
    private int _number;
    private bool _isRefused;

    /// <summary>Makes no view yet.</summary>
    /// <param name="guards">What denies accesses. An inline filter denies in all views alike, so that no view can be open.</param>
    public StepView(PageGuards guards)
    {
        _views = guards.InlineFilter is null ? guards.Views : null;
    }

    /// <summary>Gives a vCPU the view, which has all that is denied in the base view.</summary>
    /// <param name="vcpu">The vCPU, stopped.</param>
    /// <param name="view">Receives the view's number.</param>
    /// <returns>False when there can be no view, or when the vCPU has another one than the base view; then nothing was changed.</returns>
    public bool TryEnter(IVcpu vcpu, out int view)
    {
        view = 0;
        if (_views is null || _isRefused || _views.ActiveView(vcpu) != 0)
        {
            return false;
        }

        try
        {
            _number = _number == 0 ? _views.Create() : _number;
        }
        catch (Exception)
        {
            // The guest's instruction has led here: that must not throw, and there is another way.
            _isRefused = true;
            return false;
        }

        view = _number;
        _views.Activate(vcpu, view);
        return true;
    }

    /// <summary>Gives a vCPU the base view again.</summary>
    /// <param name="vcpu">The vCPU, which <see cref="TryEnter"/> gave the view.</param>
    public void Leave(IVcpu vcpu) => _views!.Activate(vcpu, 0);

    /// <summary>Removes the view, which the vCPU has left.</summary>
    public void Remove()
    {
        if (_number != 0)
        {
            _views!.Remove(_number);
            _number = 0;
        }
    }
}
