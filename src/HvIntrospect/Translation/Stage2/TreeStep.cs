namespace HvIntrospect.Translation.Stage2;

/// <summary>Where a visit goes on.</summary>
internal enum TreeStep
{
    /// <summary>At the next descriptor of the table.</summary>
    Next,

    /// <summary>At the last descriptor of the table that the visit is about: those between are wholly in the range, and so of no interest.</summary>
    Last,

    /// <summary>In the table that the descriptor points to.</summary>
    Into,

    /// <summary>Nowhere.</summary>
    End,
}
