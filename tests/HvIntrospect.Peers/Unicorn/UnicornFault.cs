namespace HvIntrospect.Peers;

/// <summary>The data access that ended a run of Unicorn.</summary>
/// <param name="Address">The first byte that could not be accessed, as Unicorn reports it.</param>
/// <param name="Size">The size of the access in bytes, as Unicorn reports it.</param>
public readonly record struct UnicornFault(ulong Address, int Size);
