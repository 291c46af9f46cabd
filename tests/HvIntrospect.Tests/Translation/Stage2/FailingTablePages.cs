using HvIntrospect.Translation.Stage2;

namespace HvIntrospect.Tests.Translation.Stage2;

/// <summary>Refuses from a given call on, and counts.</summary>
internal sealed class FailingTablePages(TablePool pool) : ITablePages
{
    public int CallsLeft { get; set; } = int.MaxValue;

    public int Taken { get; private set; }

    public bool TryAllocate(int count, out Pa first)
    {
        first = default;
        if (CallsLeft-- <= 0 || !pool.TryAllocate(count, out first))
        {
            return false;
        }

        Taken += count;
        return true;
    }

    public void Free(Pa first, int count)
    {
        pool.Free(first, count);
        Taken -= count;
    }
}
