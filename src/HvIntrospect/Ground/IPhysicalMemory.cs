using System;

namespace HvIntrospect;

/// <summary>Memory by physical address; it exists only where the library owns Stage 2.</summary>
public interface IPhysicalMemory : IMemory<Pa>
{
    /// <summary>Gets the bytes around an address where they lie in this process, so that translation tables are walked and built without a copy.</summary>
    /// <param name="address">The physical address of a byte.</param>
    /// <param name="start">The physical address of the first of the bytes, a multiple of 65536 and not above <paramref name="address"/>.</param>
    /// <returns>
    /// The bytes, aligned to 8 in the process, as large a run of memory as can be given; they hold at least the rest of the 65536 bytes in
    /// which <paramref name="address"/> lies, as far as memory goes. They stay valid as long as the memory exists. A write through them
    /// neither marks the dirty log nor drops decoded code: only memory that is not a guest's is written so.
    /// None where there is no memory or it cannot be addressed directly; use <see cref="IMemory{TAddress}.Read"/> and <see cref="IMemory{TAddress}.Write"/> then.
    /// </returns>
    Span<byte> GetSpan(Pa address, out Pa start);
}
