using System;
using System.Text;
using HvIntrospect.A64;
using HvIntrospect.Registers;

namespace HvIntrospect.Samples.Decode.Words;

/// <summary>Prints what a decoder says of words, one line each. Nothing is allocated per word.</summary>
internal sealed class WordPrinter(A64Decoder decoder, OutputBuffer output, bool isJson)
{
    /// <summary>Prints one word.</summary>
    public void Print(uint word)
    {
        LoadStoreStatus status = decoder.DecodeLoadStore(word, out LoadStoreAccess access);
        A64Instruction instruction = status is LoadStoreStatus.Valid or LoadStoreStatus.ConstrainedUnpredictable ? default : decoder.Decode(word);
        Span<char> characters = stackalloc char[A64Formatter.MaximumLength];
        _ = access.EncodingIndex != 0
            ? access.TryFormat(characters, out int length)
            : instruction.TryFormat(characters, out length);
        Span<byte> text = stackalloc byte[A64Formatter.MaximumLength];
        text = text[..Encoding.ASCII.GetBytes(characters[..length], text)];
        if (isJson)
        {
            PrintJson(word, status, access, instruction, text);
        }
        else
        {
            PrintText(word, status, access, instruction, text);
        }
    }

    /// <summary>Tells whether only extensions that are newer than Armv9.4 are missing.</summary>
    private bool IsLater(A64Instruction instruction) => (instruction.Feature & ~decoder.Features & ~A64Features.Later) == 0;

    private void PrintText(uint word, LoadStoreStatus status, in LoadStoreAccess access, A64Instruction instruction, ReadOnlySpan<byte> text)
    {
        output.AppendHex(word);
        output.Append("  "u8);
        output.Append(text);
        switch (status)
        {
            case LoadStoreStatus.ConstrainedUnpredictable:
                output.Append("  // CONSTRAINED UNPREDICTABLE: "u8);
                output.Append(AccessFields.ReasonsOf(access.Unpredictable));
                break;
            case LoadStoreStatus.Valid:
                break;
            default:
                PrintNote(word, instruction);
                break;
        }

        output.EndLine();
    }

    private void PrintNote(uint word, A64Instruction instruction)
    {
        if (instruction.Status == DecodeStatus.MissingFeature)
        {
            EncodingNames names = EncodingNames.Of(instruction.EncodingIndex);
            output.Append(" // UNDEFINED: "u8);
            output.Append(names.Id);
            output.Append(" needs "u8);
            output.Append(names.Feature);
        }
        else if (instruction.Status == DecodeStatus.Unallocated)
        {
            output.Append(" // UNDEFINED"u8);
            int near = NearestOf(word, instruction);
            if (near != 0)
            {
                output.Append(": "u8);
                output.Append(EncodingNames.Of(near).Id);
                output.Append(", "u8);
                output.Append(UndefinedReason.Of(word, near));
            }
        }
        else if (SystemOperation.Of(word) is { Name.IsEmpty: false } operation)
        {
            output.Append(", dc "u8);
            output.Append(operation.Name);
        }
    }

    private void PrintJson(uint word, LoadStoreStatus status, in LoadStoreAccess access, A64Instruction instruction, ReadOnlySpan<byte> text)
    {
        var fields = new JsonFields(output);
        fields.Hex("w"u8, word);
        switch (status)
        {
            case LoadStoreStatus.Valid or LoadStoreStatus.ConstrainedUnpredictable:
                fields.Text("v"u8, (access.Unpredictable & ConstrainedUnpredictable.ShouldBeOne) != 0 ? "sbo"u8 : "valid"u8);
                AccessFields.Write(access, text, ref fields);
                break;
            case LoadStoreStatus.NotLoadStore:
                WriteOther(word, ref fields);
                break;
            case LoadStoreStatus.MissingFeature when IsLater(instruction):
                fields.Text("v"u8, "later"u8);
                AccessFields.WriteEncoding(instruction.EncodingIndex, ref fields);
                break;
            default:
                fields.Text("v"u8, "undef"u8);
                WriteUndefined(word, instruction, ref fields);
                break;
        }

        fields.Text("text"u8, text);
        fields.End();
    }

    private static void WriteUndefined(uint word, A64Instruction instruction, ref JsonFields fields)
    {
        if (instruction.Status == DecodeStatus.MissingFeature)
        {
            EncodingNames names = EncodingNames.Of(instruction.EncodingIndex);
            fields.Text("why"u8, names.Feature);
            fields.Text("near"u8, names.Id);
        }
        else if (NearestOf(word, instruction) is int near and not 0)
        {
            fields.Text("why"u8, UndefinedReason.Of(word, near));
            fields.Text("near"u8, EncodingNames.Of(near).Id);
        }
    }

    /// <summary>Finds the load/store whose fixed bits an UNDEFINED word has; 0 for none.</summary>
    private static int NearestOf(uint word, A64Instruction instruction) =>
        instruction.Group == EncodingGroup.LoadStores ? A64Decoder.FindPattern(word) : 0;

    private static void WriteOther(uint word, ref JsonFields fields)
    {
        fields.Text("v"u8, "nonls"u8);
        ReadOnlySpan<byte> groups = "0000000100100011010001010110011110001001101010111100110111101111"u8;
        fields.Text("op0"u8, groups.Slice((int)((word >> 25) & 0xF) * 4, 4));
        SystemOperation operation = SystemOperation.Of(word);
        if (!operation.Name.IsEmpty)
        {
            fields.Text("dc"u8, operation.Name);
            fields.Text("effect"u8, operation.Effect);
            fields.Number("rt"u8, (int)(word & 0x1F));
            if (operation.IsLater)
            {
                fields.Number("later"u8, 1);
            }
        }

        if (!operation.Memory.IsEmpty)
        {
            fields.Text("mem"u8, operation.Memory);
        }
    }
}
