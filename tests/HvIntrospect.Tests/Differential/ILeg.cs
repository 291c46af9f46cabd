namespace HvIntrospect.Tests.Differential;

/// <summary>One way to execute an instruction.</summary>
internal interface ILeg
{
    /// <summary>Gets what a failure calls it.</summary>
    string Name { get; }

    /// <summary>Executes one case.</summary>
    Outcome Execute(LoadStoreCase given);
}
