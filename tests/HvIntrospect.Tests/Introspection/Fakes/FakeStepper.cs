using HvIntrospect.Registers;

namespace HvIntrospect.Tests.Introspection.Fakes;

/// <summary>A single step whose end is a software step exception.</summary>
internal sealed class FakeStepper : ISingleStep
{
    public bool IsArmed { get; private set; }

    public int Armings { get; private set; }

    /// <summary>The exit that ends a step.</summary>
    public static VcpuExit StepExit => VcpuExit.FromException(Esr.Create(ExceptionClass.SoftwareStepLowerEl, 0x22));

    /// <summary>Gets or sets what the step exception means.</summary>
    public SingleStepOutcome Outcome { get; set; } = SingleStepOutcome.Completed;

    public void Arm()
    {
        IsArmed = true;
        Armings++;
    }

    public void Disarm() => IsArmed = false;

    public SingleStepOutcome Classify(in VcpuExit exit)
    {
        if (!IsArmed || exit.Esr.Class != ExceptionClass.SoftwareStepLowerEl)
        {
            return SingleStepOutcome.Pending;
        }

        IsArmed = false;
        return Outcome;
    }
}
