namespace HvIntrospect.Translation.Stage2;

/// <summary>What is done at each descriptor of a range: one pass of a change. A structure, so that a visit makes no virtual call.</summary>
internal interface ITreeVisitor
{
    /// <summary>Called for each descriptor of the range, tables before what is in them.</summary>
    /// <returns>Where the visit goes on; <see cref="TreeStep.Into"/> only for a table.</returns>
    TreeStep Enter(ref TableWindow window, in TableSlot slot);

    /// <summary>Called for each table after what is in it.</summary>
    void Leave(ref TableWindow window, in TableSlot slot);
}
