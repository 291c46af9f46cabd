namespace HvIntrospect;

/// <summary>Several Stage 2 views of one machine, with one active for each vCPU.</summary>
/// <remarks>
/// <para>A per-machine capability. View 0 is the base view: it always exists and is changed by <see cref="IStage2Control"/> and by whoever owns Stage 2. Another view
/// is the base view with overrides. An override belongs to a page's address, mapped or not, and has two parts, each of which may be absent: what is
/// permitted (<see cref="Protect"/>) and which frame lies behind the page (<see cref="Remap"/>). What the view maps is worked out from the two alone:</para>
/// <list type="bullet">
/// <item><description>Where the base maps nothing, no view maps anything, whatever is overridden. What the base maps there later is subject to the override from the first moment on.</description></item>
/// <item><description>Where it maps a page, the view maps the page's frame or the override's; permits what <see cref="Stage2ViewAccess.Of"/> makes of what the base permits;
/// and has the base's memory type and shareability.</description></item>
/// </list>
/// <para>So each change of the base reaches every view when it returns, except for the parts that are overridden. <see cref="IVirtualMachine.Memory"/> is the
/// base view's memory: it never sees a view's frames, which <see cref="MemoryOf"/> does.</para>
/// <para>Views, ranges and overrides are changed from any thread; every vCPU is subject to a change when the call returns. On failure nothing is changed,
/// in no view. <see cref="Activate"/> and <see cref="Invalidate"/> are called on the thread that handles the vCPU.</para>
/// </remarks>
public interface IStage2Views
{
    /// <summary>Gets how many views can exist at one time, the base view included.</summary>
    int MaximumViews { get; }

    /// <summary>Makes a view that equals the base view.</summary>
    /// <returns>Its number, above 0 and below <see cref="MaximumViews"/>.</returns>
    /// <exception cref="System.InvalidOperationException">There are <see cref="MaximumViews"/> already.</exception>
    int Create();

    /// <summary>Removes a view and its overrides. Its number may be given to another view later.</summary>
    /// <param name="view">A number that <see cref="Create"/> returned.</param>
    /// <exception cref="System.ArgumentOutOfRangeException">There is no such view, or it is the base view.</exception>
    /// <exception cref="System.InvalidOperationException">A vCPU has it active: only the vCPU's own thread may take it from there.</exception>
    void Remove(int view);

    /// <summary>Overrides what a view permits in a range; <see cref="Stage2ViewAccess.FollowsBase"/> ends this part of an override.</summary>
    /// <param name="view">The view, not the base view.</param>
    /// <param name="range">Aligned to <see cref="IStage2Control.Granule"/> at both ends; parts of it need not be mapped.</param>
    /// <param name="access">What is permitted from now on.</param>
    /// <exception cref="System.ArgumentException">There is no such view, or the range is empty, not aligned or beyond the address size.</exception>
    void Protect(int view, IpaRange range, Stage2ViewAccess access);

    /// <summary>Overrides the frame behind one page of a view.</summary>
    /// <param name="view">The view, not the base view.</param>
    /// <param name="page">The page's IPA, aligned to <see cref="IStage2Control.Granule"/>.</param>
    /// <param name="frame">The physical page, aligned alike; null ends this part of the override.</param>
    /// <exception cref="System.ArgumentException">There is no such view, or an address is not aligned or beyond the address sizes.</exception>
    void Remap(int view, Ipa page, Pa? frame);

    /// <summary>Lets a range of a view follow the base again: ends all its overrides.</summary>
    /// <param name="view">The view, not the base view.</param>
    /// <param name="range">Aligned to <see cref="IStage2Control.Granule"/> at both ends.</param>
    /// <exception cref="System.ArgumentException">There is no such view, or the range is empty, not aligned or beyond the address size.</exception>
    void Restore(int view, IpaRange range);

    /// <summary>Looks up an IPA in a view.</summary>
    /// <param name="view">The view; 0 for the base view.</param>
    /// <param name="address">The IPA.</param>
    /// <param name="mapping">The mapping, as <see cref="IStage2Control.TryGetMapping"/> gives it for the base view.</param>
    /// <returns>False when nothing is mapped there.</returns>
    /// <exception cref="System.ArgumentOutOfRangeException">There is no such view.</exception>
    bool TryGetMapping(int view, Ipa address, out Stage2MappingInfo mapping);

    /// <summary>Gets the guest's memory as a view has it: what its vCPUs access, whatever is denied to them.</summary>
    /// <remarks>It belongs to the number: while there is no such view, all is absent; a view that gets the number later is seen through the same object. Writes are logged by their IPA, as those of vCPUs are.</remarks>
    /// <param name="view">The view; 0 for the base view, whose memory is <see cref="IVirtualMachine.Memory"/>.</param>
    /// <returns>The memory. Each call with the same number returns the same object.</returns>
    /// <exception cref="System.ArgumentOutOfRangeException">There can be no such view.</exception>
    IGuestMemory MemoryOf(int view);

    /// <summary>Makes a view the active one of a vCPU from its next run on.</summary>
    /// <param name="vcpu">The vCPU, stopped; on the thread that handles it.</param>
    /// <param name="view">The view; 0 for the base view.</param>
    /// <exception cref="System.ArgumentException">There is no such view, or the vCPU is not one that can have views.</exception>
    void Activate(IVcpu vcpu, int view);

    /// <summary>Gets the active view of a vCPU. May be called from any thread.</summary>
    /// <param name="vcpu">The vCPU.</param>
    /// <returns>What <see cref="Activate"/> set last, or 0.</returns>
    int ActiveView(IVcpu vcpu);

    /// <summary>Performs a TLB maintenance instruction that the guest's EL1 executed and that was trapped, for all views: the guest knows of one address space only.</summary>
    /// <remarks>It is complete, as after DSB, when the call returns.</remarks>
    /// <param name="vcpu">The vCPU that executed it, stopped; on the thread that handles it.</param>
    /// <param name="operation">The instruction, one that EL1 has.</param>
    /// <param name="operand">Its Xt operand.</param>
    void Invalidate(IVcpu vcpu, TlbiOperation operation, ulong operand);

    /// <summary>Gets the memory that the tables of a view take beside those that it shares with the base view.</summary>
    /// <param name="view">The view; 0 for the base view's own tables.</param>
    /// <returns>A multiple of the granule, in bytes.</returns>
    /// <exception cref="System.ArgumentOutOfRangeException">There is no such view.</exception>
    ulong MemoryUse(int view);
}
