using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading.Tasks;
using HvIntrospect.Tests.Support;

namespace HvIntrospect.Tests.Differential;

/// <summary>
/// Executes single instruction words from given states in a small static program under qemu-aarch64, which shares no code with the library.
/// </summary>
/// <remarks>
/// All of X0 to X30, SP, NZCV, FPCR, FPSR and V0 to V31 belong to the cases. Tens of thousands of cases a second. Words that make system calls, end
/// the program or branch to themselves must not be given.
/// </remarks>
internal static class Aarch64Harness
{
    /// <summary>The program that must be installed.</summary>
    public const string Tool = "qemu-aarch64";

    private const int Magic = 0x31585648;
    private const int HeaderSize = 56;

    /// <summary>Executes cases.</summary>
    /// <param name="model">The processor model, as <c>-cpu</c> takes it.</param>
    /// <param name="code">The address of the code, page-aligned, with room for user programs around 4 MB; everything in it but the current word is BRK.</param>
    /// <param name="codeSize">Its size in bytes, whole pages.</param>
    /// <param name="states">The states, each with a PC inside the code.</param>
    /// <param name="window">The address of the memory that cases may access; the pages that hold it are readable and writable.</param>
    /// <param name="windowSize">Its size in bytes, 0 to 4096.</param>
    /// <param name="memory">The contents of the window, one after the other for all states.</param>
    /// <param name="checksTags">Whether the window has the tags of <see cref="TestLayout.TagOf"/> and accesses are checked against them.</param>
    /// <param name="guardsCode">Whether branches into the code must land on landing pads.</param>
    /// <returns>A result for each state.</returns>
    public static IReadOnlyList<HarnessResult> Execute(
        string model, ulong code, ulong codeSize, ReadOnlySpan<HarnessState> states, ulong window = 0, int windowSize = 0, ReadOnlySpan<byte> memory = default,
        bool checksTags = false, bool guardsCode = false)
    {
        int stateSize = Unsafe.SizeOf<HarnessState>();
        byte[] input = new byte[HeaderSize + (states.Length * (stateSize + windowSize))];
        BinaryPrimitives.WriteInt32LittleEndian(input, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(input.AsSpan(4), states.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(input.AsSpan(8), code);
        BinaryPrimitives.WriteUInt64LittleEndian(input.AsSpan(16), codeSize);
        BinaryPrimitives.WriteUInt64LittleEndian(input.AsSpan(24), window);
        BinaryPrimitives.WriteInt64LittleEndian(input.AsSpan(32), windowSize);
        input[40] = checksTags ? (byte)1 : (byte)0;
        input[48] = guardsCode ? (byte)1 : (byte)0;
        Span<byte> rest = input.AsSpan(HeaderSize);
        for (int i = 0; i < states.Length; i++)
        {
            MemoryMarshal.AsBytes(states.Slice(i, 1)).CopyTo(rest);
            memory.Slice(i * windowSize, windowSize).CopyTo(rest[stateSize..]);
            rest = rest[(stateSize + windowSize)..];
        }

        byte[] output = Run(model, input);
        int size = stateSize + Unsafe.SizeOf<HarnessEnding>() + windowSize;
        if (output.Length != size * states.Length)
        {
            throw new InvalidDataException($"The harness returned {output.Length} bytes for {states.Length} cases of {size} bytes.");
        }

        var results = new List<HarnessResult>(states.Length);
        for (int at = 0; at < output.Length; at += size)
        {
            var state = MemoryMarshal.Read<HarnessState>(output.AsSpan(at));
            var ending = MemoryMarshal.Read<HarnessEnding>(output.AsSpan(at + stateSize));
            results.Add(new HarnessResult(state, ending, output.AsMemory(at + size - windowSize, windowSize)));
        }

        return results;
    }

    private static byte[] Run(string model, byte[] input)
    {
        var start = new ProcessStartInfo(Tool, ["-cpu", model, RepositoryFiles.PathOf("tests/guests/harness/harness.elf")])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        Task feeding = Task.Run(() => Feed(process, input));
        using var output = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(output);
        process.WaitForExit();
        feeding.GetAwaiter().GetResult();
        return process.ExitCode == 0
            ? output.ToArray()
            : throw new InvalidOperationException($"The harness ended with {process.ExitCode}: {errors.GetAwaiter().GetResult()}");
    }

    private static void Feed(Process process, byte[] input)
    {
        try
        {
            process.StandardInput.BaseStream.Write(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The program ended early; its exit status says why.
        }
    }
}
