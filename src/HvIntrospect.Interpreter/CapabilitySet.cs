using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;

namespace HvIntrospect.Interpreter;

/// <summary>What the machine, or one of its vCPUs, offers beyond its interface.</summary>
internal sealed class CapabilitySet
{
    private readonly List<object> _capabilities;

    /// <summary>Makes a set.</summary>
    /// <param name="capabilities">What is offered.</param>
    public CapabilitySet(params IEnumerable<object> capabilities)
    {
        _capabilities = [.. capabilities];
    }

    /// <summary>Offers one more.</summary>
    /// <param name="capability">The capability.</param>
    public void Add(object capability) => _capabilities.Add(capability);

    /// <summary>Looks one up.</summary>
    /// <typeparam name="T">Its interface.</typeparam>
    /// <param name="capability">The capability.</param>
    /// <returns>True when it is offered.</returns>
    public bool TryGet<T>([NotNullWhen(true)] out T? capability)
        where T : class
    {
        foreach (object candidate in _capabilities)
        {
            if (candidate is T found)
            {
                capability = found;
                return true;
            }
        }

        capability = null;
        return false;
    }
}
