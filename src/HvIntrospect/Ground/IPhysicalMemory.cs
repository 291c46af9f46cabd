namespace HvIntrospect;

/// <summary>Memory by physical address; it exists only where the library owns Stage 2.</summary>
public interface IPhysicalMemory : IMemory<Pa>
{
}
