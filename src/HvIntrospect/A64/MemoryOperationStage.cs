namespace HvIntrospect.A64;

/// <summary>The part that one instruction of a CPY* or SET* sequence of three performs.</summary>
public enum MemoryOperationStage : byte
{
    /// <summary>Not a memory copy or set.</summary>
    None,

    /// <summary>Prologue (P).</summary>
    Prologue,

    /// <summary>Main (M).</summary>
    Main,

    /// <summary>Epilogue (E).</summary>
    Epilogue,
}
