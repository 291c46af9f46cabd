using System;

namespace HvIntrospect.Samples.Decode.Programs;

/// <summary>Where the instructions of a program go that would abort without a syndrome.</summary>
internal interface ISilentReport : IDisposable
{
    /// <summary>Reports one instruction; they come in the order of the program.</summary>
    void OnInstruction(SilentInstruction instruction);

    /// <summary>Reports the end; nothing follows.</summary>
    /// <param name="accesses">The instructions that access memory.</param>
    /// <param name="silent">Those of them that were reported.</param>
    /// <param name="functions">The functions that those are in.</param>
    void OnSummary(int accesses, int silent, int functions);
}
