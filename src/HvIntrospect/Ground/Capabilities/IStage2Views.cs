namespace HvIntrospect;

/// <summary>Several Stage 2 views of one machine, with one active for each vCPU.</summary>
/// <remarks>A per-machine capability. View 0 is the base view and always exists.</remarks>
public interface IStage2Views
{
    /// <summary>Gets how many views can exist at one time, the base view included.</summary>
    int MaximumViews { get; }

    /// <summary>Makes a view that equals the base view.</summary>
    /// <returns>Its number, above 0.</returns>
    /// <exception cref="System.InvalidOperationException">There are <see cref="MaximumViews"/> already.</exception>
    int Create();

    /// <summary>Removes a view. vCPUs that have it active return to the base view.</summary>
    /// <param name="view">A number that <see cref="Create"/> returned.</param>
    /// <exception cref="System.ArgumentOutOfRangeException">There is no such view.</exception>
    void Remove(int view);

    /// <summary>Sets what is permitted in a range of one view.</summary>
    /// <param name="view">The view.</param>
    /// <param name="range">Aligned to the granule at both ends.</param>
    /// <param name="access">What is permitted from now on.</param>
    /// <exception cref="System.ArgumentException">There is no such view, or the range is not aligned.</exception>
    void Protect(int view, IpaRange range, Stage2Access access);

    /// <summary>Backs one page of a view by another physical page.</summary>
    /// <param name="view">The view, not the base view.</param>
    /// <param name="page">The page's IPA.</param>
    /// <param name="frame">The physical page.</param>
    /// <exception cref="System.ArgumentException">There is no such view, or an address is not aligned to the granule.</exception>
    void Remap(int view, Ipa page, Pa frame);

    /// <summary>Makes a view the active one of a vCPU from its next run on.</summary>
    /// <param name="vcpu">The vCPU.</param>
    /// <param name="view">The view.</param>
    /// <exception cref="System.ArgumentOutOfRangeException">There is no such view.</exception>
    void Activate(IVcpu vcpu, int view);
}
