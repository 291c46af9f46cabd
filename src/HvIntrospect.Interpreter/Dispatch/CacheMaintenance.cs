using System;

namespace HvIntrospect.Interpreter.Dispatch;

/// <summary>Maintenance of the instruction cache that has not taken effect yet.</summary>
/// <remarks>It is complete after a DSB, and takes effect at the context synchronisation behind that; what is asked for between the two waits for the next of both. When a guest asks for more lines than are noted, it gets all of them.</remarks>
internal sealed class CacheMaintenance
{
    private const int Capacity = 64;

    // The completed ones come first.
    private readonly ulong[] _lines = new ulong[Capacity];
    private readonly ulong[] _taken = new ulong[Capacity];
    private int _count;
    private int _completed;
    private bool _isAll;
    private bool _isAllCompleted;

    /// <summary>Notes the invalidation of a line.</summary>
    /// <param name="pa">An address in the line.</param>
    public void AddLine(ulong pa)
    {
        if (_count == Capacity)
        {
            _isAll = true;
        }
        else
        {
            _lines[_count++] = pa;
        }
    }

    /// <summary>Notes the invalidation of everything.</summary>
    public void AddAll() => _isAll = true;

    /// <summary>Completes what is noted, as DSB does.</summary>
    public void Complete()
    {
        _completed = _count;
        _isAllCompleted |= _isAll;
        _isAll = false;
    }

    /// <summary>Takes what is complete, so that it can take effect.</summary>
    /// <param name="lines">The lines; valid until the next call.</param>
    /// <returns>True for everything, whatever the lines are.</returns>
    public bool Take(out ReadOnlySpan<ulong> lines)
    {
        bool isAll = _isAllCompleted;
        _lines.AsSpan(0, _completed).CopyTo(_taken);
        lines = _taken.AsSpan(0, _completed);
        _lines.AsSpan(_completed, _count - _completed).CopyTo(_lines);
        _count -= _completed;
        _completed = 0;
        _isAllCompleted = false;
        return isAll;
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        _count = 0;
        _completed = 0;
        _isAll = false;
        _isAllCompleted = false;
    }
}
