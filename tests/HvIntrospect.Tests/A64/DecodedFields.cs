using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using HvIntrospect.A64;
using HvIntrospect.Registers;

namespace HvIntrospect.Tests.A64;

/// <summary>Says what a decoded access holds in the keys of the decoder vectors. A key that does not apply is left out.</summary>
internal static class DecodedFields
{
    private static readonly (ConstrainedUnpredictable Reason, string Name)[] s_reasons =
    [
        (ConstrainedUnpredictable.WritebackOverlapsLoad, "wb_overlap_ld"),
        (ConstrainedUnpredictable.WritebackOverlapsStore, "wb_overlap_st"),
        (ConstrainedUnpredictable.LoadPairOverlaps, "ldp_overlap"),
        (ConstrainedUnpredictable.StatusOverlapsData, "stx_data_overlap"),
        (ConstrainedUnpredictable.StatusOverlapsBase, "stx_base_overlap"),
        (ConstrainedUnpredictable.Atomic128Overlaps, "lse128_overlap"),
        (ConstrainedUnpredictable.MemoryOperationRegisters, "mops_overlap31"),
        (ConstrainedUnpredictable.ShouldBeOne, "sbo_violation"),
    ];

    public static Dictionary<string, string> Of(in LoadStoreAccess access)
    {
        var fields = new Dictionary<string, string>();
        EncodingRow row = EncodingTable.Instance.Rows[access.EncodingIndex - 1];
        string mnemonic = access.EncodingId.Split('_')[0].ToLowerInvariant();
        string text = access.ToString();
        fields["leaf"] = access.EncodingId;
        fields["feat"] = Feature(row);
        fields["mn"] = mnemonic;
        fields["cls"] = row.Section.Name;
        fields["op"] = access.Kind.ToString().ToLowerInvariant();
        if (!text.StartsWith(mnemonic + " ", StringComparison.Ordinal))
        {
            fields["alias"] = text.Split(' ')[0];
        }

        AddRegisters(fields, access);
        AddSizes(fields, access);
        AddAddress(fields, access);
        AddOperation(fields, access, text);
        Flag(fields, "sx", access.SignExtends);
        Flag(fields, "simd", access.IsVector);
        Flag(fields, "wb", access.HasWriteback);
        Flag(fields, "acq", access.IsAcquire);
        Flag(fields, "rel", access.IsRelease);
        Flag(fields, "acqpc", access.IsAcquirePc);
        Flag(fields, "lor", access.IsLORegion);
        Flag(fields, "excl", access.IsExclusive);
        Flag(fields, "unpriv", access.IsUnprivileged);
        Flag(fields, "nt", access.IsNonTemporal);
        Flag(fields, "gcs", access.IsGuardedControlStack);
        Flag(fields, "tag", access.AccessesTags);
        Flag(fields, "zero", access.ZeroesData);
        Flag(fields, "wunpriv", access.WritesUnprivileged);
        Flag(fields, "runpriv", access.ReadsUnprivileged);
        Flag(fields, "wnt", access.WritesNonTemporal);
        Flag(fields, "rnt", access.ReadsNonTemporal);
        if (access.Unpredictable != ConstrainedUnpredictable.None)
        {
            ConstrainedUnpredictable reasons = access.Unpredictable;
            fields["cu"] = string.Join(' ', s_reasons.Where(known => (reasons & known.Reason) != 0).Select(known => known.Name).Order(StringComparer.Ordinal));
        }

        return fields;
    }

    private static void AddRegisters(Dictionary<string, string> fields, in LoadStoreAccess access)
    {
        LoadStoreOperands operands = access.Operands;
        Register(LoadStoreOperands.Rt, "rt", access.Rt);
        Register(LoadStoreOperands.Rt2, "rt2", access.Rt2);
        Register(LoadStoreOperands.Rs, "rs", access.Rs);
        Register(LoadStoreOperands.Rs2, "rs2", access.Rs2);
        Register(LoadStoreOperands.Rm, "rm", access.Rm);
        Register(LoadStoreOperands.Rd, "rd", access.Rd);
        if (access.AddressingMode != AddressingMode.Literal)
        {
            Number(fields, "rn", access.Rn);
        }

        void Register(LoadStoreOperands operand, string name, int number)
        {
            if ((operands & operand) != 0)
            {
                Number(fields, name, number);
            }
        }
    }

    private static void AddSizes(Dictionary<string, string> fields, in LoadStoreAccess access)
    {
        if (access.RegisterCount == 0)
        {
            return;
        }

        Number(fields, "esz", access.ElementSize);
        Number(fields, "n", access.RegisterCount);
        Number(fields, "regsz", access.RegisterBits);
        if (access.Class != LoadStoreClass.MemoryTags || access.AddressingMode != AddressingMode.Base)
        {
            Number(fields, "tot", access.TotalSize);
        }

        if (access.TagGranules != 0)
        {
            Number(fields, "gran", access.TagGranules);
        }

        if (access.StructureElements != 0)
        {
            char letter = "bh s   d"[access.ElementSize - 1];
            Number(fields, "selem", access.StructureElements);
            fields["arr"] = access.IsSingleLane ? letter.ToString() : $"{access.RegisterBits / 8 / access.ElementSize}{letter}";
            Flag(fields, "rep", access.Replicates);
            if (access.IsSingleLane)
            {
                Number(fields, "lane", access.Lane);
            }
        }
    }

    private static void AddAddress(Dictionary<string, string> fields, in LoadStoreAccess access)
    {
        string mode = access.AddressingMode switch
        {
            AddressingMode.None => string.Empty,
            AddressingMode.Base => "base",
            AddressingMode.Offset => "offset",
            AddressingMode.Unscaled => "unscaled",
            AddressingMode.PreIndexed => "pre",
            AddressingMode.PostIndexed => "post",
            AddressingMode.RegisterOffset => "regoff",
            AddressingMode.Literal => "literal",
            AddressingMode.PostIndexedByRegister => "postreg",
            _ => "?",
        };
        if (mode.Length != 0)
        {
            fields["mode"] = mode;
        }

        if (mode is "offset" or "unscaled" or "pre" or "post" or "literal")
        {
            Number(fields, "imm", access.Immediate);
        }

        if (mode == "regoff")
        {
            fields["ext"] = access.Extension.ToString().ToLowerInvariant();
            Number(fields, "sh", access.ShiftAmount);
            Flag(fields, "sbit", access.ScalesIndex);
        }
    }

    private static void AddOperation(Dictionary<string, string> fields, in LoadStoreAccess access, string text)
    {
        string? atomic = access.Operation switch
        {
            LoadStoreOperation.Add => "add",
            LoadStoreOperation.Clear => "clr",
            LoadStoreOperation.ExclusiveOr => "eor",
            LoadStoreOperation.Set => "set",
            LoadStoreOperation.SignedMaximum => "smax",
            LoadStoreOperation.SignedMinimum => "smin",
            LoadStoreOperation.UnsignedMaximum => "umax",
            LoadStoreOperation.UnsignedMinimum => "umin",
            LoadStoreOperation.Swap => "swp",
            _ => null,
        };
        string? memory = access.Operation switch
        {
            LoadStoreOperation.CopyForward => "cpyf",
            LoadStoreOperation.Copy => "cpy",
            LoadStoreOperation.Fill => "set",
            LoadStoreOperation.FillWithTags => "setg",
            _ => null,
        };
        if (atomic is not null)
        {
            fields["rmw"] = atomic;
        }

        if (memory is not null)
        {
            fields["mops"] = memory;
            fields["stage"] = access.Stage.ToString()[..1];
        }

        if (access.PointerAuthenticationKey != PointerAuthenticationKey.None)
        {
            fields["pac"] = access.PointerAuthenticationKey == PointerAuthenticationKey.DataA ? "A" : "B";
        }

        if (access.Kind == LoadStoreKind.Prefetch)
        {
            Number(fields, "prfop", access.PrefetchOperation);
            string name = text.Split(' ', ',')[1];

            // The vectors name the operations of PRFM only.
            if (name[0] != '#' && access.AddressingMode != AddressingMode.Base)
            {
                fields["prfname"] = name;
            }
        }
    }

    private static string Feature(EncodingRow row)
    {
        if (row.Feature == A64Features.Armv8_0)
        {
            return "v8.0";
        }

        IEnumerable<string> names = Enumerable.Range(0, 64)
            .Select(bit => (A64Features)(1UL << bit))
            .Where(feature => (row.Feature & feature) != 0)
            .Select(feature => "FEAT_" + feature)
            .Order(StringComparer.Ordinal);
        return string.Join('&', names) + (row.Feature == A64Features.RPRFM ? "(hint space)" : string.Empty);
    }

    private static void Number(Dictionary<string, string> fields, string name, int value) => fields[name] = value.ToString(CultureInfo.InvariantCulture);

    private static void Flag(Dictionary<string, string> fields, string name, bool value)
    {
        if (value)
        {
            fields[name] = "1";
        }
    }
}
