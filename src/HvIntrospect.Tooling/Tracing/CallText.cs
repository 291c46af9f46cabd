namespace HvIntrospect.Tooling.Tracing;

/// <summary>The words that all exporters use.</summary>
internal static class CallText
{
    private static readonly string[] s_arguments = ["x0", "x1", "x2", "x3", "x4", "x5", "x6", "x7"];

    public static string NameOfArgument(int index) => s_arguments[index];

    public static string NameOf(CallEnd end) => end switch
    {
        CallEnd.Returned => "returned",
        CallEnd.TailCall => "tailCall",
        CallEnd.Unseen => "unseen",
        CallEnd.Unfinished => "unfinished",
        _ => "open",
    };
}
