namespace HvIntrospect.A64;

/// <summary>Decides the rules of <see cref="UndefinedRule"/>.</summary>
internal static class UndefinedRules
{
    /// <summary>Tests one word that matches a pattern with the rule.</summary>
    /// <param name="rule">The rule of the word's encoding.</param>
    /// <param name="word">The instruction word.</param>
    /// <returns>True when the word is UNDEFINED.</returns>
    public static bool IsUndefined(UndefinedRule rule, uint word) => rule switch
    {
        UndefinedRule.None => false,
        UndefinedRule.OddPair => (word & 0x0001_0001) != 0,
        UndefinedRule.EightRegisters => (word & 1) != 0 || (word & 0x18) == 0x18,
        UndefinedRule.ZeroRegisterInPair => (word & 0x1F) == 0x1F || (word & 0x1F_0000) == 0x1F_0000,
        UndefinedRule.OneDoubleword => (word & 0x4000_0C00) == 0x0C00,

        // A rule without a decision must not make words look allocated.
        _ => true,
    };
}
