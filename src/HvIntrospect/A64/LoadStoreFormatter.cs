namespace HvIntrospect.A64;

/// <summary>Writes a load/store as text: the preferred alias as LLVM prints it.</summary>
internal static class LoadStoreFormatter
{
    private const string Elements = "bhsd";

    /// <summary>Writes the text of an access.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="access">A decoded access.</param>
    public static void Write(ref TextWriter writer, in LoadStoreAccess access)
    {
        bool isStoreAlias = IsStoreAlias(access);
        WriteMnemonic(ref writer, access.EncodingId, isStoreAlias);
        writer.Append(' ');
        switch (access.Class)
        {
            case LoadStoreClass.MemoryCopyAndSet:
            case LoadStoreClass.MemorySetTags:
                WriteMemoryOperation(ref writer, access);
                return;
            case LoadStoreClass.MultipleStructures:
            case LoadStoreClass.MultipleStructuresPostIndexed:
            case LoadStoreClass.SingleStructure:
            case LoadStoreClass.SingleStructurePostIndexed:
                WriteStructure(ref writer, access);
                break;
            default:
                WriteRegisters(ref writer, access, isStoreAlias);
                break;
        }

        writer.Append(", ");
        WriteAddress(ref writer, access);
    }

    /// <summary>Tests for the ST&lt;op&gt; aliases: an atomic without acquire whose old value goes to the zero register.</summary>
    private static bool IsStoreAlias(in LoadStoreAccess access) =>
        access.Class is LoadStoreClass.Atomic or LoadStoreClass.AtomicUnprivileged
        && access.Operation is not (LoadStoreOperation.None or LoadStoreOperation.Swap)
        && !access.IsReadCheckWrite
        && !access.IsAcquire
        && access.Rt == 31;

    /// <summary>The mnemonic is the first part of the encoding id.</summary>
    private static void WriteMnemonic(ref TextWriter writer, string encodingId, bool isStoreAlias)
    {
        int start = 0;
        if (isStoreAlias)
        {
            writer.Append("st");
            start = "LD".Length;
        }

        for (int i = start; i < encodingId.Length && encodingId[i] != '_'; i++)
        {
            char c = encodingId[i];
            writer.Append(c is >= 'A' and <= 'Z' ? (char)(c | 0x20) : c);
        }
    }

    private static void WriteRegisters(ref TextWriter writer, in LoadStoreAccess access, bool isStoreAlias)
    {
        LoadStoreOperands operands = access.Operands;
        if (access.Kind == LoadStoreKind.Prefetch)
        {
            WritePrefetch(ref writer, access);
            return;
        }

        string separator = string.Empty;
        if ((operands & LoadStoreOperands.Rs) != 0)
        {
            // The status of a store is a W register in store-exclusives, an X register in ST64BV.
            if (access.Kind == LoadStoreKind.Store)
            {
                WriteGeneral(ref writer, access.Rs, access.IsExclusive ? 32 : 64);
            }
            else
            {
                WriteTransfer(ref writer, access, access.Rs);
            }

            separator = ", ";
        }

        if ((operands & LoadStoreOperands.Rs2) != 0)
        {
            writer.Append(separator);
            WriteTransfer(ref writer, access, access.Rs2);
        }

        if ((operands & LoadStoreOperands.Rt) != 0 && !isStoreAlias)
        {
            writer.Append(separator);
            WriteTransfer(ref writer, access, access.Rt);
            separator = ", ";
        }

        if ((operands & LoadStoreOperands.Rt2) != 0)
        {
            writer.Append(separator);
            WriteTransfer(ref writer, access, access.Rt2);
        }
    }

    private static void WritePrefetch(ref TextWriter writer, in LoadStoreAccess access)
    {
        if (access.AddressingMode != AddressingMode.Base)
        {
            PrefetchNames.Write(ref writer, access.PrefetchOperation);
            return;
        }

        PrefetchNames.WriteRange(ref writer, access.PrefetchOperation);
        writer.Append(", ");
        WriteGeneral(ref writer, access.Rm, 64);
    }

    private static void WriteTransfer(ref TextWriter writer, in LoadStoreAccess access, int register)
    {
        if (access.IsVector)
        {
            writer.Append(access.RegisterBits switch
            {
                8 => 'b',
                16 => 'h',
                32 => 's',
                64 => 'd',
                _ => 'q',
            });
            writer.Append(register);
        }
        else if (register == 31 && access.Class == LoadStoreClass.MemoryTags && access.Kind == LoadStoreKind.Store && access.TagGranules != 0)
        {
            writer.Append("sp");
        }
        else
        {
            WriteGeneral(ref writer, register, access.RegisterBits);
        }
    }

    private static void WriteGeneral(ref TextWriter writer, int register, int bits)
    {
        writer.Append(bits == 64 ? 'x' : 'w');
        if (register == 31)
        {
            writer.Append("zr");
        }
        else
        {
            writer.Append(register);
        }
    }

    private static void WriteBase(ref TextWriter writer, int register)
    {
        if (register == 31)
        {
            writer.Append("sp");
        }
        else
        {
            writer.Append('x');
            writer.Append(register);
        }
    }

    private static void WriteAddress(ref TextWriter writer, in LoadStoreAccess access)
    {
        if (access.AddressingMode == AddressingMode.Literal)
        {
            writer.Append('#');
            writer.Append(access.Immediate);
            return;
        }

        writer.Append('[');
        WriteBase(ref writer, access.Rn);
        switch (access.AddressingMode)
        {
            case AddressingMode.Offset or AddressingMode.Unscaled when access.Immediate != 0:
                WriteImmediate(ref writer, access.Immediate);
                writer.Append(']');
                break;
            case AddressingMode.PreIndexed:
                WriteImmediate(ref writer, access.Immediate);
                writer.Append("]!");
                break;
            case AddressingMode.PostIndexed:
                writer.Append(']');
                WriteImmediate(ref writer, access.Immediate);
                break;
            case AddressingMode.PostIndexedByRegister:
                writer.Append("], ");
                WriteGeneral(ref writer, access.Rm, 64);
                break;
            case AddressingMode.RegisterOffset:
                WriteIndex(ref writer, access);
                writer.Append(']');
                break;
            default:
                writer.Append(']');
                break;
        }
    }

    private static void WriteImmediate(ref TextWriter writer, int immediate)
    {
        writer.Append(", #");
        writer.Append(immediate);
    }

    private static void WriteIndex(ref TextWriter writer, in LoadStoreAccess access)
    {
        IndexExtension extension = access.Extension;
        writer.Append(", ");
        WriteGeneral(ref writer, access.Rm, extension is IndexExtension.Uxtw or IndexExtension.Sxtw ? 32 : 64);
        if (extension == IndexExtension.Lsl && !access.ScalesIndex)
        {
            return;
        }

        writer.Append(extension switch
        {
            IndexExtension.Uxtw => ", uxtw",
            IndexExtension.Lsl => ", lsl",
            IndexExtension.Sxtw => ", sxtw",
            _ => ", sxtx",
        });
        if (access.ScalesIndex)
        {
            writer.Append(" #");
            writer.Append(access.ShiftAmount);
        }
    }

    private static void WriteMemoryOperation(ref TextWriter writer, in LoadStoreAccess access)
    {
        writer.Append('[');
        WriteGeneral(ref writer, access.Rd, 64);
        writer.Append("]!, ");
        if (access.Kind == LoadStoreKind.LoadStore)
        {
            writer.Append('[');
            WriteGeneral(ref writer, access.Rs, 64);
            writer.Append("]!, ");
        }

        WriteGeneral(ref writer, access.Rn, 64);
        writer.Append('!');
        if (access.Kind == LoadStoreKind.Store && (access.Operands & LoadStoreOperands.Rs) != 0)
        {
            writer.Append(", ");
            WriteGeneral(ref writer, access.Rs, 64);
        }
    }

    private static void WriteStructure(ref TextWriter writer, in LoadStoreAccess access)
    {
        writer.Append('{');
        for (int i = 0; i < access.RegisterCount; i++)
        {
            writer.Append(i == 0 ? " v" : ", v");
            writer.Append((access.Rt + i) & 31);
            writer.Append('.');
            if (!access.IsSingleLane)
            {
                writer.Append(access.RegisterBits / 8 / access.ElementSize);
            }

            writer.Append(Elements[Log2(access.ElementSize)]);
        }

        writer.Append(" }");
        if (access.IsSingleLane)
        {
            writer.Append('[');
            writer.Append(access.Lane);
            writer.Append(']');
        }
    }

    private static int Log2(int elementSize) => elementSize switch
    {
        1 => 0,
        2 => 1,
        4 => 2,
        _ => 3,
    };
}
