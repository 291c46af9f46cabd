using System;

namespace HvIntrospect.Interpreter.Dispatch;

/// <summary>Maintenance of the instruction cache that has not taken effect yet.</summary>
/// <remarks>It is complete after a DSB, and takes effect at the context synchronisation behind that. When a guest asks for more lines than are noted, it gets all of them.</remarks>
internal sealed class CacheMaintenance
{
    private const int Capacity = 64;
    private readonly ulong[] _lines = new ulong[Capacity];
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
        _isAllCompleted = _isAll;
    }

    /// <summary>Takes what is complete, so that it can take effect.</summary>
    /// <param name="lines">The lines; valid until the next call of anything.</param>
    /// <returns>True for everything, whatever the lines are.</returns>
    public bool Take(out ReadOnlySpan<ulong> lines)
    {
        // What was asked for behind the DSB may take effect early.
        lines = _completed == 0 ? default : _lines.AsSpan(0, _count);
        bool isAll = _isAllCompleted;
        if (isAll || _completed != 0)
        {
            Clear();
        }

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
