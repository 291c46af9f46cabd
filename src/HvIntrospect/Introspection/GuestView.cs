using HvIntrospect.Translation;

namespace HvIntrospect.Introspection;

/// <summary>The guest's memory as one Stage 2 view has it. An exit is decided in the view that its vCPU had active: what the vCPU would have accessed is what is accessed for it.</summary>
internal sealed class GuestView
{
    /// <summary>Makes a view.</summary>
    /// <param name="number">Its number; 0 for the base view.</param>
    /// <param name="memory">Its memory, whatever is denied there.</param>
    /// <param name="options">What the guest's cores are.</param>
    public GuestView(int number, IGuestMemory memory, IntrospectorOptions options)
    {
        Number = number;
        Memory = memory;
        Walker = new Stage1Walker(memory, options.PhysicalAddressBits, options.TranslationFeatures, options.DefaultCacheable);
    }

    /// <summary>Gets the view's number; 0, the base view, where there are no others.</summary>
    public int Number { get; }

    /// <summary>Gets the view's memory, whatever is denied there.</summary>
    public IGuestMemory Memory { get; }

    /// <summary>Gets a walker of the guest's Stage 1 tables as they are in the view.</summary>
    public Stage1Walker Walker { get; }
}
