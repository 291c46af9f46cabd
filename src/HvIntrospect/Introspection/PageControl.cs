namespace HvIntrospect.Introspection;

/// <summary>Chooses how pages are denied on a machine.</summary>
internal static class PageControl
{
    /// <summary>Makes the control of Stage 2.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="filter">The inline filter that is used, or null.</param>
    /// <returns>The control.</returns>
    public static IPageControl For(IVirtualMachine machine, IInlineAccessFilter? filter) => new UnguardedPages(machine.Memory);
}
