using HvIntrospect.Watchpoints;

namespace HvIntrospect.Samples.WatchIpa;

/// <summary>One access to watched bytes.</summary>
/// <param name="Sequence">Its number, from 1.</param>
/// <param name="Vcpu">The vCPU that made it.</param>
/// <param name="Pc">The instruction's address.</param>
/// <param name="Ipa">The first byte's physical address.</param>
/// <param name="Va">The first byte's virtual address.</param>
/// <param name="Size">The number of bytes.</param>
/// <param name="Kind">Whether it reads, writes or both, or is an instruction that is executed.</param>
/// <param name="Old">The bytes before it as a little-endian number; null where nobody can know them, as before a write to a device.</param>
/// <param name="New">The bytes after it as a little-endian number; those of a read are the old ones. Null where nobody can know them.</param>
/// <param name="Function">The function of the instruction, or null.</param>
/// <param name="Offset">The bytes from the function's first to the instruction.</param>
/// <param name="Text">The instruction.</param>
internal readonly record struct AccessRecord(
    long Sequence, int Vcpu, Va Pc, Ipa Ipa, Va Va, int Size, WatchKinds Kind, ulong? Old, ulong? New, string? Function, ulong Offset, string Text)
{
    /// <summary>Gets the kind as it is typed and printed.</summary>
    public string KindText => Kind switch
    {
        WatchKinds.Read => "r",
        WatchKinds.Write => "w",
        WatchKinds.Execute => "x",
        _ => "rw",
    };
}
