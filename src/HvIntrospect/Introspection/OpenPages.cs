using System;
using System.Collections.Generic;
using HvIntrospect.Interception;

namespace HvIntrospect.Introspection;

/// <summary>The pages that are open for one step of a vCPU: in a view of its own, where that is possible; otherwise to all, and meanwhile no other vCPU executes.</summary>
internal sealed class OpenPages
{
    private readonly List<KeyValuePair<Ipa, PageGuard>> _pages = [];
    private readonly ISingleStep? _stepper;
    private readonly IPauseAll? _pause;
    private readonly StepView _stepView;
    private IVcpu? _inStepView;
    private int _view;

    /// <summary>Makes an empty set.</summary>
    /// <param name="stepper">Steps the vCPU; null where pages are never opened.</param>
    /// <param name="pause">Stops the other vCPUs; null where there is none.</param>
    /// <param name="stepView">The vCPU's view for steps.</param>
    public OpenPages(ISingleStep? stepper, IPauseAll? pause, StepView stepView)
    {
        _stepper = stepper;
        _pause = pause;
        _stepView = stepView;
    }

    /// <summary>Gets a value indicating whether a step is under way.</summary>
    public bool IsStepping { get; private set; }

    /// <summary>Gets a value indicating whether somebody else had armed a step before, who must hear of its end.</summary>
    public bool WasArmed { get; private set; }

    /// <summary>Begins a step, unless one is under way.</summary>
    /// <param name="vcpu">The vCPU.</param>
    /// <returns>False when another vCPU steps; the others wait until it has.</returns>
    public bool TryBegin(IVcpu vcpu)
    {
        if (IsStepping)
        {
            return true;
        }

        if (_pause is not null && _stepView.TryEnter(vcpu, out _view))
        {
            _inStepView = vcpu;
        }
        else if (_pause is not null && !_pause.TryPauseOthers(vcpu))
        {
            return false;
        }

        IsStepping = true;
        WasArmed = _stepper!.IsArmed;
        return true;
    }

    /// <summary>Tells whether a page is open.</summary>
    /// <param name="page">The page's first byte.</param>
    /// <param name="lifted">For what.</param>
    /// <returns>True when it is.</returns>
    public bool Contains(Ipa page, Stage2Access lifted) => _pages.Exists(open => open.Key == page && (open.Value.Lifted & lifted) == lifted);

    /// <summary>Opens a page and arms the step.</summary>
    /// <param name="page">The page's first byte.</param>
    /// <param name="lifted">For what: all accesses, or fetches.</param>
    /// <param name="guards">What denies accesses to it.</param>
    public void Add(Ipa page, Stage2Access lifted, PageGuards guards)
    {
        try
        {
            PageGuard opening = lifted == Stage2Access.Execute ? guards.OpenFetches(page, _view) : guards.Open(page, _view);
            _pages.Add(new KeyValuePair<Ipa, PageGuard>(page, opening));
            _stepper!.Arm();
        }
        catch
        {
            Close();
            throw;
        }
    }

    /// <summary>Closes all pages and lets the other vCPUs go on.</summary>
    public void Close()
    {
        if (!IsStepping)
        {
            return;
        }

        IsStepping = false;
        try
        {
            foreach (KeyValuePair<Ipa, PageGuard> open in _pages)
            {
                open.Value.Dispose();
            }
        }
        finally
        {
            _pages.Clear();
            if (_inStepView is IVcpu vcpu)
            {
                _inStepView = null;
                _view = 0;
                _stepView.Leave(vcpu);
            }
            else
            {
                _pause?.ResumeOthers();
            }
        }
    }

    /// <summary>Gives a step up that is under way, and the view for others.</summary>
    public void Cancel()
    {
        if (IsStepping && !WasArmed)
        {
            _stepper!.Disarm();
        }

        Close();
        _stepView.Remove();
    }
}
