namespace HvIntrospect.Translation.Stage2;

/// <summary>How a block or page descriptor tells whether what it maps was written: one form, whether hardware or software keeps it.</summary>
/// <remarks>
/// <para>Arm Architecture Reference Manual (DDI 0487), "Hardware management of the dirty state". A logged leaf that permits writes has DBM = 1; S2AP[1] is 0 until
/// the first write and 1 from then on. With VTCR_EL2.HD = 1 hardware sets it; without, DBM is ignored, the write is a Permission fault, and
/// whoever handles that sets it. While writes are denied, DBM and S2AP[1] must be 0: two bits that hardware ignores keep what they said.</para>
/// </remarks>
internal static class WriteLog
{
    private const ulong Logged = Stage2Format.LogMark;
    private const ulong Written = Stage2Format.WrittenMark;
    private const ulong Modifier = Stage2Format.DirtyBitModifier;
    private const ulong Write = Stage2Format.Write;
    private const ulong Marks = Logged | Written | Modifier;

    /// <summary>Tells whether a leaf is logged.</summary>
    public static bool IsLogged(ulong leaf) => (leaf & (Modifier | Logged)) != 0;

    /// <summary>Tells whether a logged leaf was written since it was last clean.</summary>
    public static bool IsWritten(ulong leaf) => (leaf & (Modifier | Write)) == (Modifier | Write) || (leaf & (Logged | Written)) == (Logged | Written);

    /// <summary>Makes a leaf logged and clean.</summary>
    public static ulong Start(ulong leaf) => Clean((leaf & (Write | Modifier)) != 0 ? leaf | Modifier : leaf | Logged);

    /// <summary>Ends the logging of a leaf.</summary>
    public static ulong Stop(ulong leaf) => ((leaf & Modifier) != 0 ? leaf | Write : leaf) & ~Marks;

    /// <summary>Makes of a leaf one of another tree that keeps no log of its own: where it stands for the same page, it permits writes as soon as this one was written.</summary>
    /// <param name="leaf">The leaf.</param>
    /// <param name="isSamePage">True when both map the same memory, so that writes through the other one are to be noted in this.</param>
    public static ulong Copy(ulong leaf, bool isSamePage) => isSamePage ? leaf & ~Marks : Stop(leaf);

    /// <summary>Makes a logged leaf clean; leaves another as it is.</summary>
    public static ulong Clean(ulong leaf) => (leaf & Modifier) != 0 ? leaf & ~Write : leaf & ~Written;

    /// <summary>Makes a logged leaf that permits writes a written one; leaves another as it is.</summary>
    public static ulong Soil(ulong leaf) => (leaf & Modifier) != 0 ? leaf | Write : leaf;

    /// <summary>Gives a leaf what walkers noted of any of its contiguous run: AF, and that it was written where it is logged.</summary>
    /// <param name="leaf">The leaf.</param>
    /// <param name="noted">What <see cref="Noted"/> gave for all of the run.</param>
    public static ulong Inherit(ulong leaf, ulong noted)
    {
        ulong written = (leaf & Modifier) != 0 ? Write : (leaf & Logged) != 0 ? Written : 0;
        return leaf | (noted & Stage2Format.AccessFlag) | ((noted & Write) != 0 ? written : 0);
    }

    /// <summary>Gets what a leaf tells about accesses: AF, and S2AP[1] when it is logged and was written.</summary>
    public static ulong Noted(ulong leaf) => (leaf & Stage2Format.AccessFlag) | (IsWritten(leaf) ? Write : 0);

    /// <summary>Sets what a leaf permits; a logged one stays logged, and written if it was.</summary>
    /// <param name="leaf">The leaf.</param>
    /// <param name="access">S2AP and XN.</param>
    public static ulong Permit(ulong leaf, ulong access)
    {
        ulong changed = (leaf & ~(Stage2Format.AccessMask | Marks)) | access;
        if (!IsLogged(leaf))
        {
            return changed;
        }

        bool isWritten = IsWritten(leaf);
        return (access & Write) != 0
            ? (changed & ~Write) | Modifier | (isWritten ? Write : 0)
            : changed | Logged | (isWritten ? Written : 0);
    }
}
