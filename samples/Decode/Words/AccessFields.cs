using System;
using System.Linq;
using System.Text;
using HvIntrospect.A64;

namespace HvIntrospect.Samples.Decode.Words;

/// <summary>
/// Says what a decoded load/store holds, in the keys and values of the decoder vectors (tests/vectors/decoder/README.md). A key that does not
/// apply is left out. Nothing is allocated.
/// </summary>
internal static class AccessFields
{
    private static readonly (ConstrainedUnpredictable Reason, string Name)[] s_reasons =
    [
        (ConstrainedUnpredictable.LoadPairOverlaps, "ldp_overlap"),
        (ConstrainedUnpredictable.Atomic128Overlaps, "lse128_overlap"),
        (ConstrainedUnpredictable.MemoryOperationRegisters, "mops_overlap31"),
        (ConstrainedUnpredictable.ShouldBeOne, "sbo_violation"),
        (ConstrainedUnpredictable.StatusOverlapsBase, "stx_base_overlap"),
        (ConstrainedUnpredictable.StatusOverlapsData, "stx_data_overlap"),
        (ConstrainedUnpredictable.WritebackOverlapsLoad, "wb_overlap_ld"),
        (ConstrainedUnpredictable.WritebackOverlapsStore, "wb_overlap_st"),
    ];

    private static readonly byte[][] s_reasonLists =
    [
        .. Enumerable.Range(0, 256).Select(set => Encoding.ASCII.GetBytes(
            string.Join(' ', s_reasons.Where(known => ((int)known.Reason & set) != 0).Select(known => known.Name)))),
    ];

    /// <summary>Names the reasons for which an effect is CONSTRAINED UNPREDICTABLE; spaces separate them.</summary>
    public static ReadOnlySpan<byte> ReasonsOf(ConstrainedUnpredictable reasons) => s_reasonLists[(byte)reasons];

    /// <summary>Says what an encoding is.</summary>
    public static void WriteEncoding<TSink>(int encodingIndex, ref TSink sink)
        where TSink : IFieldSink, allows ref struct
    {
        EncodingNames names = EncodingNames.Of(encodingIndex);
        sink.Text("leaf"u8, names.Id);
        sink.Text("feat"u8, names.Feature);
        sink.Text("mn"u8, names.Mnemonic);
        sink.Text("cls"u8, names.Class);
    }

    /// <summary>Says what an access holds.</summary>
    /// <param name="access">The access.</param>
    /// <param name="text">Its text, in which aliases and prefetch operations have their names.</param>
    /// <param name="sink">Takes the fields.</param>
    public static void Write<TSink>(in LoadStoreAccess access, ReadOnlySpan<byte> text, ref TSink sink)
        where TSink : IFieldSink, allows ref struct
    {
        WriteEncoding(access.EncodingIndex, ref sink);
        ReadOnlySpan<byte> mnemonic = text[..text.IndexOf((byte)' ')];
        if (!mnemonic.SequenceEqual(EncodingNames.Of(access.EncodingIndex).Mnemonic))
        {
            sink.Text("alias"u8, mnemonic);
        }

        sink.Text("op"u8, access.Kind switch
        {
            LoadStoreKind.Load => "load"u8,
            LoadStoreKind.Store => "store"u8,
            LoadStoreKind.LoadStore => "loadstore"u8,
            _ => "prefetch"u8,
        });
        WriteSizes(access, ref sink);
        WriteRegisters(access, ref sink);
        WriteAddress(access, ref sink);
        WriteOperation(access, text, ref sink);
        WriteFlags(access, ref sink);
        if (access.Unpredictable != ConstrainedUnpredictable.None)
        {
            sink.List("cu"u8, ReasonsOf(access.Unpredictable));
        }
    }

    private static void WriteRegisters<TSink>(in LoadStoreAccess access, ref TSink sink)
        where TSink : IFieldSink, allows ref struct
    {
        LoadStoreOperands operands = access.Operands;
        Register(LoadStoreOperands.Rt, operands, "rt"u8, access.Rt, ref sink);
        Register(LoadStoreOperands.Rt2, operands, "rt2"u8, access.Rt2, ref sink);
        Register(LoadStoreOperands.Rs, operands, "rs"u8, access.Rs, ref sink);
        Register(LoadStoreOperands.Rs2, operands, "rs2"u8, access.Rs2, ref sink);
        Register(LoadStoreOperands.Rm, operands, "rm"u8, access.Rm, ref sink);
        Register(LoadStoreOperands.Rd, operands, "rd"u8, access.Rd, ref sink);
        if (access.AddressingMode != AddressingMode.Literal)
        {
            sink.Number("rn"u8, access.Rn);
        }
    }

    private static void Register<TSink>(LoadStoreOperands operand, LoadStoreOperands operands, ReadOnlySpan<byte> name, int number, ref TSink sink)
        where TSink : IFieldSink, allows ref struct
    {
        if ((operands & operand) != 0)
        {
            sink.Number(name, number);
        }
    }

    private static void WriteSizes<TSink>(in LoadStoreAccess access, ref TSink sink)
        where TSink : IFieldSink, allows ref struct
    {
        if (access.RegisterCount == 0)
        {
            return;
        }

        sink.Number("esz"u8, access.ElementSize);
        sink.Number("n"u8, access.RegisterCount);
        sink.Number("regsz"u8, access.RegisterBits);

        // A register tells how much LDGM, STGM and STZGM access.
        if (access.Class != LoadStoreClass.MemoryTags || access.AddressingMode != AddressingMode.Base)
        {
            sink.Number("tot"u8, access.TotalSize);
        }

        if (access.TagGranules != 0)
        {
            sink.Number("gran"u8, access.TagGranules);
        }

        if (access.StructureElements == 0)
        {
            return;
        }

        sink.Number("selem"u8, access.StructureElements);
        sink.Text("arr"u8, access.IsSingleLane
            ? access.ElementSize switch { 1 => "b"u8, 2 => "h"u8, 4 => "s"u8, _ => "d"u8 }
            : (access.RegisterBits, access.ElementSize) switch
            {
                (64, 1) => "8b"u8,
                (64, 2) => "4h"u8,
                (64, 4) => "2s"u8,
                (64, _) => "1d"u8,
                (_, 1) => "16b"u8,
                (_, 2) => "8h"u8,
                (_, 4) => "4s"u8,
                _ => "2d"u8,
            });
        Flag("rep"u8, access.Replicates, ref sink);
        if (access.IsSingleLane)
        {
            sink.Number("lane"u8, access.Lane);
        }
    }

    private static void WriteAddress<TSink>(in LoadStoreAccess access, ref TSink sink)
        where TSink : IFieldSink, allows ref struct
    {
        ReadOnlySpan<byte> mode = access.AddressingMode switch
        {
            AddressingMode.Base => "base"u8,
            AddressingMode.Offset => "offset"u8,
            AddressingMode.Unscaled => "unscaled"u8,
            AddressingMode.PreIndexed => "pre"u8,
            AddressingMode.PostIndexed => "post"u8,
            AddressingMode.RegisterOffset => "regoff"u8,
            AddressingMode.Literal => "literal"u8,
            AddressingMode.PostIndexedByRegister => "postreg"u8,
            _ => default,
        };
        if (!mode.IsEmpty)
        {
            sink.Text("mode"u8, mode);
        }

        switch (access.AddressingMode)
        {
            case AddressingMode.Offset or AddressingMode.Unscaled or AddressingMode.PreIndexed or AddressingMode.PostIndexed or AddressingMode.Literal:
                sink.Number("imm"u8, access.Immediate);
                break;
            case AddressingMode.RegisterOffset:
                sink.Text("ext"u8, access.Extension switch
                {
                    IndexExtension.Uxtw => "uxtw"u8,
                    IndexExtension.Lsl => "lsl"u8,
                    IndexExtension.Sxtw => "sxtw"u8,
                    _ => "sxtx"u8,
                });
                sink.Number("sh"u8, access.ShiftAmount);
                Flag("sbit"u8, access.ScalesIndex, ref sink);
                break;
        }
    }

    private static void WriteOperation<TSink>(in LoadStoreAccess access, ReadOnlySpan<byte> text, ref TSink sink)
        where TSink : IFieldSink, allows ref struct
    {
        ReadOnlySpan<byte> atomic = access.Operation switch
        {
            LoadStoreOperation.Add => "add"u8,
            LoadStoreOperation.Clear => "clr"u8,
            LoadStoreOperation.ExclusiveOr => "eor"u8,
            LoadStoreOperation.Set => "set"u8,
            LoadStoreOperation.SignedMaximum => "smax"u8,
            LoadStoreOperation.SignedMinimum => "smin"u8,
            LoadStoreOperation.UnsignedMaximum => "umax"u8,
            LoadStoreOperation.UnsignedMinimum => "umin"u8,
            LoadStoreOperation.Swap => "swp"u8,
            _ => default,
        };
        if (!atomic.IsEmpty)
        {
            sink.Text("rmw"u8, atomic);
        }

        ReadOnlySpan<byte> memory = access.Operation switch
        {
            LoadStoreOperation.CopyForward => "cpyf"u8,
            LoadStoreOperation.Copy => "cpy"u8,
            LoadStoreOperation.Fill => "set"u8,
            LoadStoreOperation.FillWithTags => "setg"u8,
            _ => default,
        };
        if (!memory.IsEmpty)
        {
            sink.Text("mops"u8, memory);
            sink.Text("stage"u8, access.Stage switch
            {
                MemoryOperationStage.Prologue => "P"u8,
                MemoryOperationStage.Main => "M"u8,
                _ => "E"u8,
            });
        }

        if (access.PointerAuthenticationKey != PointerAuthenticationKey.None)
        {
            sink.Text("pac"u8, access.PointerAuthenticationKey == PointerAuthenticationKey.DataA ? "A"u8 : "B"u8);
        }

        if (access.Kind == LoadStoreKind.Prefetch)
        {
            sink.Number("prfop"u8, access.PrefetchOperation);
            ReadOnlySpan<byte> name = text[(text.IndexOf((byte)' ') + 1)..text.IndexOf((byte)',')];

            // The vectors name the operations of PRFM only.
            if (name[0] != (byte)'#' && access.AddressingMode != AddressingMode.Base)
            {
                sink.Text("prfname"u8, name);
            }
        }
    }

    private static void WriteFlags<TSink>(in LoadStoreAccess access, ref TSink sink)
        where TSink : IFieldSink, allows ref struct
    {
        Flag("sx"u8, access.SignExtends, ref sink);
        Flag("simd"u8, access.IsVector, ref sink);
        Flag("wb"u8, access.HasWriteback, ref sink);
        Flag("acq"u8, access.IsAcquire, ref sink);
        Flag("rel"u8, access.IsRelease, ref sink);
        Flag("acqpc"u8, access.IsAcquirePc, ref sink);
        Flag("lor"u8, access.IsLORegion, ref sink);
        Flag("excl"u8, access.IsExclusive, ref sink);
        Flag("unpriv"u8, access.IsUnprivileged, ref sink);
        Flag("nt"u8, access.IsNonTemporal, ref sink);
        Flag("gcs"u8, access.IsGuardedControlStack, ref sink);
        Flag("tag"u8, access.AccessesTags, ref sink);
        Flag("zero"u8, access.ZeroesData, ref sink);
        Flag("wunpriv"u8, access.WritesUnprivileged, ref sink);
        Flag("runpriv"u8, access.ReadsUnprivileged, ref sink);
        Flag("wnt"u8, access.WritesNonTemporal, ref sink);
        Flag("rnt"u8, access.ReadsNonTemporal, ref sink);
    }

    private static void Flag<TSink>(ReadOnlySpan<byte> name, bool value, ref TSink sink)
        where TSink : IFieldSink, allows ref struct
    {
        if (value)
        {
            sink.Number(name, 1);
        }
    }
}
