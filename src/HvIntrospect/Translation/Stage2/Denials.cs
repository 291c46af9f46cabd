using System;
using System.Collections.Generic;

namespace HvIntrospect.Translation.Stage2;

/// <summary>What guards deny in the range of one change, as far as the change permits it: runs of addresses in each of which it is the same.</summary>
/// <remarks>Read once for a change, which then makes each block and page as the guards leave it. Not thread-safe; the next change reads it anew.</remarks>
internal sealed class Denials
{
    private readonly List<(ulong Last, Stage2Access Denied)> _runs = [];
    private Stage2Access _permitted;

    /// <summary>Asks the guards.</summary>
    /// <param name="guards">Who is asked, within a change that they know of.</param>
    /// <param name="range">Where the change is made.</param>
    /// <param name="permitted">What it permits.</param>
    /// <returns>False when nothing of that is denied.</returns>
    public bool Read(IStage2Guards guards, IpaRange range, Stage2Access permitted)
    {
        _permitted = permitted;
        _runs.Clear();
        ulong end;
        for (ulong at = range.Start.Value; ; at = end + 1)
        {
            Stage2Access denied = guards.DeniedFrom(new Ipa(at), out Ipa last) & permitted;
            end = Math.Min(last.Value, range.Last.Value);
            if (_runs.Count != 0 && _runs[_runs.Count - 1].Denied == denied)
            {
                _runs[_runs.Count - 1] = (end, denied);
            }
            else
            {
                _runs.Add((end, denied));
            }

            if (end == range.Last.Value)
            {
                return _runs.Count > 1 || denied != Stage2Access.None;
            }
        }
    }

    /// <summary>Gets what is denied at an address; before the range and behind it, what is denied at its nearest end.</summary>
    /// <param name="ipa">The address.</param>
    /// <param name="last">Receives the last address of the run.</param>
    public Stage2Access At(ulong ipa, out ulong last)
    {
        int low = 0;
        int high = _runs.Count - 1;
        while (low < high)
        {
            int middle = (low + high) >> 1;
            if (_runs[middle].Last < ipa)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        last = low == _runs.Count - 1 ? ulong.MaxValue : _runs[low].Last;
        return _runs[low].Denied;
    }

    /// <summary>Tells whether the same is denied from one address to another.</summary>
    public bool IsSame(ulong first, ulong last)
    {
        At(first, out ulong end);
        return last <= end;
    }

    /// <summary>Makes of a block or page descriptor, as the change alone makes it, what the guards leave of it. What is logged stays logged, and written if it was.</summary>
    /// <param name="leaf">The descriptor.</param>
    /// <param name="ipa">An IPA in a run that holds all that it maps.</param>
    public ulong Deny(ulong leaf, ulong ipa)
    {
        Stage2Access denied = At(ipa, out _);
        return denied == Stage2Access.None ? leaf : WriteLog.Permit(leaf, Stage2Format.EncodeAccess(_permitted & ~denied));
    }
}
