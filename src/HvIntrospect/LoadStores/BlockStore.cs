using System;

namespace HvIntrospect.LoadStores;

/// <summary>What an instruction does to the block that holds an address: DC ZVA, DC GVA and DC GZVA.</summary>
[Flags]
internal enum BlockStore : byte
{
    /// <summary>It is none of them.</summary>
    None = 0,

    /// <summary>It zeroes the data.</summary>
    Data = 1,

    /// <summary>It sets the Allocation Tags to the tag of the address.</summary>
    Tags = 2,

    /// <summary>It does both.</summary>
    DataAndTags = Data | Tags,
}
