namespace HvIntrospect.Introspection;

/// <summary>What devices have already done for an access that could not be finished, so that it is not done twice when the exit is handled again.</summary>
/// <remarks>It belongs to one vCPU and one instruction.</remarks>
internal sealed class DeviceJournal
{
    private readonly ulong[] _data = new ulong[2 * AccessRecord.MaximumElements];
    private readonly Ipa[] _addresses = new Ipa[2 * AccessRecord.MaximumElements];
    private Va _pc;
    private uint _opcode;
    private int _done;

    /// <summary>Starts an instruction; what was noted for another one is forgotten.</summary>
    /// <param name="pc">The instruction's address.</param>
    /// <param name="opcode">The instruction word.</param>
    public void Begin(Va pc, uint opcode)
    {
        if (pc != _pc || opcode != _opcode)
        {
            _done = 0;
            _pc = pc;
            _opcode = opcode;
        }
    }

    /// <summary>Looks up a part of an element.</summary>
    /// <param name="part">Twice the element's index, and 1 more for its part in the second page.</param>
    /// <param name="address">Its IPA.</param>
    /// <param name="data">What the device returned for a read.</param>
    /// <returns>True when the device has already been asked.</returns>
    public bool TryGet(int part, Ipa address, out ulong data)
    {
        data = _data[part];
        return (_done & (1 << part)) != 0 && _addresses[part] == address;
    }

    /// <summary>Notes that a device was asked.</summary>
    /// <param name="part">Twice the element's index, and 1 more for its part in the second page.</param>
    /// <param name="address">Its IPA.</param>
    /// <param name="data">What it returned for a read.</param>
    public void Note(int part, Ipa address, ulong data)
    {
        _data[part] = data;
        _addresses[part] = address;
        _done |= 1 << part;
    }

    /// <summary>Forgets everything, because the access is finished.</summary>
    public void Clear() => _done = 0;
}
