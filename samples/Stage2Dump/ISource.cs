namespace HvIntrospect.Samples.Stage2Dump;

/// <summary>Where tables come from.</summary>
internal interface ISource
{
    /// <summary>Gets the tables.</summary>
    /// <returns>The tables.</returns>
    /// <exception cref="Shared.BadInputException">What was given cannot be used.</exception>
    TableSource Open();
}
