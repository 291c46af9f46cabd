using HvIntrospect.Registers;

namespace HvIntrospect.LoadStores;

/// <summary>What a bus found for one address: where it lies, or the fault that the guest takes.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public readonly struct LoadStorePage
{
    private LoadStorePage(LoadStorePageKind kind, Ipa address = default, bool isDevice = false, FaultStatus status = default, bool isWriteFault = false, bool takes64Bytes = false,
        bool isWriteBack = false)
    {
        Kind = kind;
        Address = address;
        IsDevice = isDevice;
        Status = status;
        IsWriteFault = isWriteFault;
        Takes64Bytes = takes64Bytes;
        IsWriteBack = isWriteBack;
    }

    /// <summary>Gets the answer that ends the access for a reason that the bus knows itself.</summary>
    public static LoadStorePage Refused => new(LoadStorePageKind.Refused);

    /// <summary>Gets what was found.</summary>
    public LoadStorePageKind Kind { get; }

    /// <summary>Gets the IPA of the byte. Bytes up to the end of its 4096-byte page follow it.</summary>
    public Ipa Address { get; }

    /// <summary>Gets a value indicating whether the memory is Device, so that an unaligned access is an Alignment fault, also in place of a Permission fault.</summary>
    public bool IsDevice { get; }

    /// <summary>Gets the fault of Stage 1.</summary>
    public FaultStatus Status { get; }

    /// <summary>Gets a value indicating whether it is the write part of <see cref="LoadStoreDirection.Modify"/> that faults.</summary>
    public bool IsWriteFault { get; }

    /// <summary>Gets a value indicating whether the memory supports 64-byte accesses (LD64B and its kin), which fault elsewhere.</summary>
    public bool Takes64Bytes { get; }

    /// <summary>Gets a value indicating whether the memory is Normal, Inner and Outer Write-Back, where FEAT_LSE2 makes pairs single-copy atomic.</summary>
    public bool IsWriteBack { get; }

    /// <summary>Gets the IPA of the page's first byte.</summary>
    internal Ipa Start => Address.AlignDown(4096);

    /// <summary>Makes the answer for an address that the access may use.</summary>
    /// <param name="address">The IPA of the byte.</param>
    /// <param name="isDevice">True for Device memory.</param>
    /// <param name="takes64Bytes">True when the memory supports 64-byte accesses.</param>
    /// <param name="isWriteBack">True for Normal memory that is Inner and Outer Write-Back; false also where nobody asks what is single-copy atomic.</param>
    /// <returns>The answer.</returns>
    public static LoadStorePage Found(Ipa address, bool isDevice, bool takes64Bytes = false, bool isWriteBack = false) =>
        new(LoadStorePageKind.Found, address, isDevice, takes64Bytes: takes64Bytes, isWriteBack: isWriteBack);

    /// <summary>Makes the answer for an address at which the guest takes a Data Abort.</summary>
    /// <param name="status">The fault status code.</param>
    /// <param name="isDevice">True when the translation found Device memory, as far as it got.</param>
    /// <param name="isWriteFault">True when it is the write part of <see cref="LoadStoreDirection.Modify"/> that faults.</param>
    /// <returns>The answer.</returns>
    public static LoadStorePage Fault(FaultStatus status, bool isDevice = false, bool isWriteFault = false) =>
        new(LoadStorePageKind.Fault, default, isDevice, status, isWriteFault);
}
