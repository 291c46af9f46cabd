using HvIntrospect.Samples.Shared;

namespace HvIntrospect.Samples.Decode.Programs;

/// <summary>For people: a heading for each function, a line for each instruction.</summary>
internal sealed class TextSilentReport(ConsoleOutput console) : ISilentReport
{
    private string? _function;
    private bool _hasFunction;

    /// <inheritdoc/>
    public void OnInstruction(SilentInstruction instruction)
    {
        if (!_hasFunction || instruction.Function != _function)
        {
            _hasFunction = true;
            _function = instruction.Function;
            console.WriteLine((_function ?? "(no function)") + ":");
        }

        string replacement = instruction.Replacement.Assembly.Count != 0 ? "-> " + string.Join("; ", instruction.Replacement.Assembly) : "-- " + instruction.Replacement.Advice;
        console.WriteLine($"  {instruction.Address,-18} {instruction.Text,-40} {instruction.Reason.Key,-9} {replacement}");
    }

    /// <inheritdoc/>
    public void OnSummary(int accesses, int silent, int functions) =>
        console.WriteLine($"{silent} of {accesses} instructions that access memory, in {functions} functions, would abort without a syndrome");

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
