using System;
using HvIntrospect.Watchpoints;

namespace HvIntrospect.Introspection;

/// <summary>The answers to an access whose handlers have been asked and which has not been performed yet, so that they are not asked again.</summary>
/// <remarks>It belongs to one vCPU and one instruction: another instruction that watches see replaces it.</remarks>
internal sealed class AccessRecord
{
    public const int MaximumElements = 4;

    private readonly WatchDecision[] _decisions = new WatchDecision[MaximumElements];
    private bool _isValid;
    private Va _pc;
    private uint _opcode;
    private Ipa _ipa;

    /// <summary>Gets or sets a value indicating whether a handler wants a stop that has not happened yet.</summary>
    public bool IsStopPending { get; set; }

    /// <summary>Gets the number of the last watch that existed when the handlers were asked; later ones have not been asked.</summary>
    public int LastWatch { get; private set; }

    /// <summary>Tells whether the answers belong to an access.</summary>
    /// <param name="pc">The instruction's address.</param>
    /// <param name="opcode">The instruction word.</param>
    /// <param name="ipa">The IPA of its first byte.</param>
    /// <returns>True when they do.</returns>
    public bool Matches(Va pc, uint opcode, Ipa ipa) => _isValid && pc == _pc && opcode == _opcode && ipa == _ipa;

    /// <summary>Tells whether a stop is pending at an instruction.</summary>
    /// <param name="pc">The instruction's address.</param>
    /// <returns>True once; the stop is no longer pending then.</returns>
    public bool TakeStop(Va pc)
    {
        bool stops = _isValid && IsStopPending && pc == _pc;
        IsStopPending &= !stops;
        return stops;
    }

    /// <summary>Gets the answer for one element.</summary>
    /// <param name="element">The element's index.</param>
    /// <returns>What happens to it when the access is performed.</returns>
    public WatchDecision this[int element] => _decisions[element];

    /// <summary>Keeps answers.</summary>
    /// <param name="pc">The instruction's address.</param>
    /// <param name="opcode">The instruction word.</param>
    /// <param name="ipa">The IPA of its first byte.</param>
    /// <param name="decisions">The answers for the elements.</param>
    /// <param name="lastWatch">The number of the last watch that exists.</param>
    /// <param name="isStopPending">True when the vCPU has still to be stopped.</param>
    public void Keep(Va pc, uint opcode, Ipa ipa, ReadOnlySpan<WatchDecision> decisions, int lastWatch, bool isStopPending)
    {
        _pc = pc;
        _opcode = opcode;
        _ipa = ipa;
        LastWatch = lastWatch;
        IsStopPending = isStopPending;
        for (int i = 0; i < decisions.Length; i++)
        {
            _decisions[i] = decisions[i].WithoutStop();
        }

        _isValid = true;
    }

    /// <summary>Forgets the answers, because the access has been performed or another one came.</summary>
    public void Clear()
    {
        _isValid = false;
        IsStopPending = false;
    }
}
