namespace HvIntrospect.Registers;

/// <summary>The ISS of a Memory Copy or Memory Set exception (EC 0x27, FEAT_MOPS).</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "ISS encoding for an exception from the Memory Copy and Memory Set instructions". Immutable and thread-safe.</remarks>
public readonly struct MemoryOperationSyndrome
{
    private readonly uint _iss;

    internal MemoryOperationSyndrome(uint iss)
    {
        _iss = iss;
    }

    /// <summary>Gets a value indicating whether the instruction is a SET*, not a CPY*.</summary>
    public bool IsSet => IssFields.Bit(_iss, 24);

    /// <summary>Gets a value indicating whether a SET* instruction is a SETG*.</summary>
    public bool IsSetWithTags => IssFields.Bit(_iss, 23);

    /// <summary>Gets the options field of the instruction, 0 to 15.</summary>
    public int Options => IssFields.Field(_iss, 19, 4);

    /// <summary>Gets a value indicating whether the exception is from an epilogue instruction, not from a main one.</summary>
    public bool IsFromEpilogue => IssFields.Bit(_iss, 18);

    /// <summary>Gets a value indicating whether the registers were in the form of the other option.</summary>
    public bool IsWrongOption => IssFields.Bit(_iss, 17);

    /// <summary>Gets a value indicating whether PSTATE.C said Option A.</summary>
    public bool IsOptionA => IssFields.Bit(_iss, 16);

    /// <summary>Gets the destination register, 0 to 31.</summary>
    public int DestinationRegister => IssFields.Field(_iss, 10, 5);

    /// <summary>Gets the source register, 0 to 31.</summary>
    public int SourceRegister => IssFields.Field(_iss, 5, 5);

    /// <summary>Gets the size register, 0 to 31.</summary>
    public int SizeRegister => IssFields.Field(_iss, 0, 5);
}
