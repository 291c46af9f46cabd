namespace HvIntrospect.Mmio;

/// <summary>Decides one element of an access to an IPA that nobody owns. Called on the vCPU's thread without a lock held, once for each element.</summary>
/// <param name="access">The access.</param>
/// <returns>What happens.</returns>
public delegate UnownedAccessResponse UnownedAccessHandler(in UnownedAccess access);
