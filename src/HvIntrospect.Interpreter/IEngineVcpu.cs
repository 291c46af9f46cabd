namespace HvIntrospect.Interpreter;

/// <summary>A vCPU whose register groups are copies of the engine's state.</summary>
internal interface IEngineVcpu : IVcpu
{
    /// <summary>Forgets the copies, because the state has changed.</summary>
    void Fetch();

    /// <summary>Writes the changed copies back to the state.</summary>
    void Flush();
}
