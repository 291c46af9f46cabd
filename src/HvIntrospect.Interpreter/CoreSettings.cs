using HvIntrospect.Interpreter.Checking;
using HvIntrospect.Interpreter.Memory;
using HvIntrospect.Interpreter.Mmu;
using HvIntrospect.Interpreter.Operations.SystemInstructions;
using HvIntrospect.Interpreter.State;
using HvIntrospect.LoadStores;
using HvIntrospect.Registers;
using HvIntrospect.Translation;

namespace HvIntrospect.Interpreter;

/// <summary>What one core of a machine is, besides its state. Immutable.</summary>
internal sealed class CoreSettings
{
    /// <summary>What ticks of the counter are worth when nothing is said.</summary>
    public const ulong DefaultInstructionsPerTick = 16;

    /// <summary>CNTFRQ_EL0 when nothing is said: with the default ratio a guest second is 1000 million instructions.</summary>
    public const uint DefaultCounterFrequency = 62_500_000;

    /// <summary>Initialises settings.</summary>
    /// <param name="features">What the core implements.</param>
    /// <param name="addressBits">Its physical address size.</param>
    /// <param name="affinity">Its number in the machine.</param>
    /// <param name="domain">The vCPUs that its broadcasts reach.</param>
    /// <param name="translation">What it implements of translation, all of it.</param>
    /// <param name="pointerAuthentication">Its level of FEAT_PAuth, if it has that.</param>
    public CoreSettings(
        A64Features features,
        int addressBits,
        int affinity,
        ShareabilityDomain domain,
        TranslationFeatures translation = TranslationFeatures.None,
        PointerAuthenticationLevel pointerAuthentication = PointerAuthenticationLevel.Basic)
    {
        Features = features;
        Translation = translation;
        AddressBits = addressBits;
        Index = affinity;
        Identification = new IdentificationRegisters(features, translation, addressBits, affinity, pointerAuthentication);
        PointerAuthentication = pointerAuthentication;
        Domain = domain;
        StateFields = FieldsOf(features);
    }

    /// <summary>Gets what the core implements.</summary>
    public A64Features Features { get; }

    /// <summary>Gets what the core implements of translation, all of it.</summary>
    public TranslationFeatures Translation { get; }

    /// <summary>Gets its physical address size.</summary>
    public int AddressBits { get; }

    /// <summary>Gets what a wrong code of a pointer leads to.</summary>
    public PointerAuthenticationLevel PointerAuthentication { get; }

    /// <summary>Gets the fields of PSTATE that an exception return sets: the masks, and those of features. The condition flags, the mode, IL and SS are not among them.</summary>
    public uint StateFields { get; }

    /// <summary>Gets its number in the machine.</summary>
    public int Index { get; }

    /// <summary>Gets the identification registers.</summary>
    public IdentificationRegisters Identification { get; }

    /// <summary>Gets the vCPUs that broadcasts reach.</summary>
    public ShareabilityDomain Domain { get; }

    /// <summary>Gets how many instructions make the counter advance by one, at least 1.</summary>
    public ulong InstructionsPerTick { get; init; } = DefaultInstructionsPerTick;

    /// <summary>Gets CNTFRQ_EL0 out of reset.</summary>
    public uint CounterFrequency { get; init; } = DefaultCounterFrequency;

    /// <summary>Gets a value indicating whether the outputs of CNTV and CNTP are wired to the virtual IRQ input.</summary>
    public bool AreTimersWired { get; init; } = true;

    /// <summary>Gets what loads and stores do where the architecture leaves a choice.</summary>
    public LoadStoreChoices LoadStoreChoices { get; init; } = LoadStoreChoices.Default;

    /// <summary>Gets the Allocation Tags; null without FEAT_MTE2.</summary>
    public TagStore? Tags { get; init; }

    /// <summary>Gets what checks EL2, if anything does.</summary>
    public ArchitectureChecker? Checker { get; init; }

    private static uint FieldsOf(A64Features features)
    {
        uint fields = ProcessState.MasksMask;
        fields |= (features & A64Features.PAN) != 0 ? ProcessState.PrivilegedAccessNever : 0;
        fields |= (features & A64Features.UAO) != 0 ? 1U << 23 : 0;
        fields |= (features & A64Features.DIT) != 0 ? 1U << 24 : 0;
        fields |= (features & A64Features.MTE) != 0 ? 1U << 25 : 0;
        fields |= (features & A64Features.SSBS) != 0 ? 1U << 12 : 0;
        fields |= (features & A64Features.BTI) != 0 ? 3U << 10 : 0;
        return fields;
    }
}
