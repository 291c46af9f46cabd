using System;

namespace HvIntrospect.Interception;

/// <summary>What a backend can deny, and what it denies when it is asked for something that it cannot deny exactly.</summary>
/// <remarks>Immutable and thread-safe, as far as the backend's answers stay the same.</remarks>
internal readonly struct GuardSupport
{
    private readonly IStage2Control? _control;
    private readonly bool _hasFilter;

    /// <summary>Describes a backend.</summary>
    /// <param name="control">Its Stage 2, or null.</param>
    /// <param name="hasFilter">True when an inline filter denies data accesses of the base view.</param>
    public GuardSupport(IStage2Control? control, bool hasFilter)
    {
        _control = control;
        _hasFilter = hasFilter;
    }

    /// <summary>Gets what is refused to the guest, by whatever means, when the owners deny something: at least that.</summary>
    /// <param name="denied">What the owners deny in the base view.</param>
    /// <returns>What is refused.</returns>
    /// <exception cref="NotSupportedException">The backend cannot deny it; the message names the missing capability.</exception>
    public Stage2Access Effective(Stage2Access denied) => _hasFilter ? (denied & Stage2Access.ReadWrite) | Cover(denied & Stage2Access.Execute) : Cover(denied);

    /// <summary>Gets what is refused to the guest, by whatever means.</summary>
    /// <param name="pages">What is held in the base view.</param>
    /// <param name="own">What is held in the view alone; nothing for the base view.</param>
    /// <returns>What is refused.</returns>
    public Stage2Access Effective(in GuardedPages pages, in GuardedPages own) =>
        (_hasFilter ? pages.Denied & Stage2Access.ReadWrite : Stage2Access.None) | ThroughStage2(pages, own);

    /// <summary>Gets what Stage 2 refuses. A filter knows no views: it denies what is denied in the base view, and Stage 2 what is denied in one alone.</summary>
    /// <param name="pages">What is held in the base view.</param>
    /// <param name="own">What is held in the view alone; nothing for the base view.</param>
    /// <returns>What Stage 2 must not permit.</returns>
    /// <exception cref="NotSupportedException">The backend cannot deny it; the message names the missing capability.</exception>
    public Stage2Access ThroughStage2(in GuardedPages pages, in GuardedPages own)
    {
        Stage2Access denied = pages.Plus(own).Denied;
        return Cover((_hasFilter ? (denied & Stage2Access.Execute) | own.Denied : denied) | pages.LogDenied);
    }

    /// <summary>Gets what Stage 2 refuses in the base view.</summary>
    /// <param name="pages">What is held there.</param>
    /// <returns>What Stage 2 must not permit.</returns>
    /// <exception cref="NotSupportedException">The backend cannot deny it; the message names the missing capability.</exception>
    public Stage2Access ThroughStage2(in GuardedPages pages) => ThroughStage2(pages, default);

    /// <summary>The weakest denial of the backend that contains another one.</summary>
    private Stage2Access Cover(Stage2Access denied)
    {
        if (denied == Stage2Access.None)
        {
            return denied;
        }

        if (_control is null)
        {
            throw new NotSupportedException("Denying accesses needs the capability " + nameof(IStage2Control) + ", which the backend does not offer.");
        }

        Stage2AccessSupport support = _control.Support;
        denied |= (denied & Stage2Access.Execute) != 0 && !Has(support, Stage2AccessSupport.ExecuteByLevel) ? Stage2Access.Execute : Stage2Access.None;
        Stage2Access fetches = denied & Stage2Access.Execute;
        Stage2Access data = denied & Stage2Access.ReadWrite;

        // A backend that does not report denied fetches would let the guest die of the guard.
        if (fetches == Stage2Access.None || Has(support, Stage2AccessSupport.NoExecute | Stage2AccessSupport.FetchExits))
        {
            if (data == Stage2Access.None || (data == Stage2Access.Write && Has(support, Stage2AccessSupport.WriteProtect)))
            {
                return denied;
            }

            if (fetches != Stage2Access.Execute && Has(support, Stage2AccessSupport.ExecuteOnly))
            {
                return Stage2Access.ReadWrite | fetches;
            }
        }

        // A page without any access denies fetches too.
        if (Has(support, Stage2AccessSupport.NoAccess | Stage2AccessSupport.FetchExits))
        {
            return Stage2Access.All;
        }

        Stage2AccessSupport missing = denied == Stage2Access.Write ? Stage2AccessSupport.WriteProtect
            : data == Stage2Access.None && !Has(support, Stage2AccessSupport.NoExecute) ? Stage2AccessSupport.NoExecute
            : data == Stage2Access.None ? Stage2AccessSupport.FetchExits
            : Has(support, Stage2AccessSupport.NoAccess) ? Stage2AccessSupport.FetchExits
            : Stage2AccessSupport.NoAccess;
        throw new NotSupportedException(
            "Denying " + denied + " needs " + nameof(Stage2AccessSupport) + "." + missing + ", which the backend does not offer.");
    }

    private static bool Has(Stage2AccessSupport support, Stage2AccessSupport flags) => (support & flags) == flags;
}
