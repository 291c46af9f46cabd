using System.IO;
using HvIntrospect.Samples.Shared;

namespace HvIntrospect.Samples.Decode;

/// <summary>What the command line asks for.</summary>
internal interface ICommand
{
    /// <summary>Does it.</summary>
    /// <param name="input">Standard input.</param>
    /// <param name="console">Where everything goes.</param>
    /// <exception cref="BadInputException">The input cannot be used.</exception>
    void Run(Stream input, ConsoleOutput console);
}
