namespace HvIntrospect.Samples.WatchIpa;

/// <summary>One access to watched bytes.</summary>
/// <param name="Sequence">Its number, from 1.</param>
/// <param name="Vcpu">The vCPU that made it.</param>
/// <param name="Pc">The instruction's address.</param>
/// <param name="Ipa">The first byte's physical address.</param>
/// <param name="Va">The first byte's virtual address.</param>
/// <param name="Size">The bytes, 1 to 8.</param>
/// <param name="Kind">Whether it reads, writes or both.</param>
/// <param name="Old">The bytes before it as a little-endian number.</param>
/// <param name="New">The bytes after it as a little-endian number; those of a read are the old ones.</param>
/// <param name="Function">The instruction's place in the source, or null.</param>
/// <param name="Text">The instruction.</param>
internal readonly record struct AccessRecord(
    ulong Sequence, int Vcpu, Va Pc, Ipa Ipa, Va Va, int Size, AccessKinds Kind, ulong Old, ulong New, string? Function, string Text)
{
    /// <summary>Gets the kind as it is typed and printed.</summary>
    public string KindText => Kind switch
    {
        AccessKinds.Read => "r",
        AccessKinds.Write => "w",
        _ => "rw",
    };
}
