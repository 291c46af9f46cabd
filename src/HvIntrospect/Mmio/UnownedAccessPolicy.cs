namespace HvIntrospect.Mmio;

/// <summary>What happens to a load or store of an IPA that neither memory nor a device owns. A fetch from there always injects an external abort.</summary>
public enum UnownedAccessPolicy
{
    /// <summary>The guest takes a synchronous External abort, as from a bus without a device.</summary>
    InjectExternalAbort,

    /// <summary>A load reads zero and a store is ignored.</summary>
    ReadZeroIgnoreWrite,

    /// <summary>The vCPU stops before the instruction.</summary>
    Stop,

    /// <summary>The <see cref="UnownedAccessHandler"/> of the options decides.</summary>
    Handler,
}
