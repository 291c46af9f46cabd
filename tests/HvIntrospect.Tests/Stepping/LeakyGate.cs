namespace HvIntrospect.Tests.Stepping;

/// <summary>A gate that closes nothing.</summary>
internal sealed class LeakyGate : IInterruptGate
{
    public bool IsClosed { get; private set; }

    public void Close() => IsClosed = true;

    public void Open() => IsClosed = false;
}
