using HvIntrospect.Registers;

namespace HvIntrospect.A64;

/// <summary>What the rows of one load/store class have in common.</summary>
internal sealed class LoadStoreSection : EncodingSection
{
    /// <summary>Initialises a section of the load/store group.</summary>
    /// <param name="loadStoreClass">The class, from which an encoding's operands follow.</param>
    /// <param name="name">Arm's name of the class.</param>
    /// <param name="feature">The features that the encodings need, all of them.</param>
    /// <param name="stepClass">What it takes to step the instructions.</param>
    /// <param name="undefinedRule">The condition that makes a word of the pattern UNDEFINED.</param>
    public LoadStoreSection(
        LoadStoreClass loadStoreClass,
        string name,
        A64Features feature = A64Features.Armv8_0,
        StepClass stepClass = StepClass.PositionIndependent,
        UndefinedRule undefinedRule = UndefinedRule.None)
        : base(EncodingGroup.LoadStores, name, feature, stepClass, undefinedRule)
    {
        LoadStoreClass = loadStoreClass;
    }

    /// <summary>Gets the class.</summary>
    public LoadStoreClass LoadStoreClass { get; }
}
