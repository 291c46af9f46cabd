using HvIntrospect.Registers;

namespace HvIntrospect.A64;

/// <summary>What the rows of one encoding class have in common.</summary>
internal class EncodingSection
{
    /// <summary>Initialises a section.</summary>
    /// <param name="group">The top-level group.</param>
    /// <param name="name">Arm's name of the encoding class, for example <c>ldst_immpost</c>. Sections may share one.</param>
    /// <param name="feature">The features that the encodings need, all of them.</param>
    /// <param name="stepClass">What it takes to step the instructions.</param>
    /// <param name="undefinedRule">The condition that makes a word of the pattern UNDEFINED.</param>
    /// <param name="isModelled">False for a whole group that one row stands for.</param>
    public EncodingSection(
        EncodingGroup group,
        string name,
        A64Features feature = A64Features.Armv8_0,
        StepClass stepClass = StepClass.PositionIndependent,
        UndefinedRule undefinedRule = UndefinedRule.None,
        bool isModelled = true)
    {
        Group = group;
        Name = name;
        Feature = feature;
        StepClass = stepClass;
        UndefinedRule = undefinedRule;
        IsModelled = isModelled;
    }

    /// <summary>Gets the top-level group.</summary>
    public EncodingGroup Group { get; }

    /// <summary>Gets Arm's name of the encoding class.</summary>
    public string Name { get; }

    /// <summary>Gets the features that the encodings need, all of them.</summary>
    public A64Features Feature { get; }

    /// <summary>Gets what it takes to step the instructions.</summary>
    public StepClass StepClass { get; }

    /// <summary>Gets the condition that makes a word of the pattern UNDEFINED.</summary>
    public UndefinedRule UndefinedRule { get; }

    /// <summary>Gets a value indicating whether the rows tell allocated words from unallocated ones.</summary>
    public bool IsModelled { get; }
}
