namespace HvIntrospect.LoadStores;

/// <summary>The kinds of <see cref="LoadStorePage"/>.</summary>
public enum LoadStorePageKind : byte
{
    /// <summary>The bus ended the access for a reason that it knows itself.</summary>
    Refused,

    /// <summary>The address is translated and the access is permitted.</summary>
    Found,

    /// <summary>The guest takes a Data Abort at this address.</summary>
    Fault,
}
