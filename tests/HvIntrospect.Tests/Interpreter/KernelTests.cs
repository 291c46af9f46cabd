using System;
using System.Globalization;
using System.IO;
using HvIntrospect.Interpreter;
using HvIntrospect.Registers;
using HvIntrospect.Tests.Support;
using Xunit;

namespace HvIntrospect.Tests.Interpreter;

/// <summary>Programs that GCC compiled compute what they compute elsewhere, in exactly as many instructions.</summary>
public sealed class KernelTests
{
    private const string Folder = "tests/guests/";

    public static TheoryData<string, ulong, ulong, ulong> Kernels
    {
        get
        {
            // name, loops, checksum, instructions up to and with the HVC
            var data = new TheoryData<string, ulong, ulong, ulong>();
            foreach (string line in File.ReadLines(RepositoryFiles.PathOf(Folder + "expected.txt")))
            {
                string[] fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                if (fields.Length == 4 && fields[0] != "#" && fields[1] == "10")
                {
                    data.Add(
                        fields[0],
                        ulong.Parse(fields[1], CultureInfo.InvariantCulture),
                        ulong.Parse(fields[2].AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture),
                        ulong.Parse(fields[3], CultureInfo.InvariantCulture));
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void AKernelEndsWithItsChecksumAtItsCount(string name, ulong loops, ulong checksum, ulong instructions)
    {
        foreach ((DispatcherKind dispatcher, ulong slice) in (ReadOnlySpan<(DispatcherKind, ulong)>)
            [(DispatcherKind.Threaded, ulong.MaxValue), (DispatcherKind.Loop, ulong.MaxValue), (DispatcherKind.Threaded, 10_007)])
        {
            using Machine machine = KernelGuest.Load(name, loops, new MachineOptions { Dispatcher = dispatcher });
            Vcpu vcpu = machine.Vcpus[0];

            VcpuExit exit;
            do
            {
                exit = machine.Run(vcpu, slice);
            }
            while (exit.Kind == VcpuExitKind.Canceled && vcpu.RetiredInstructions <= instructions);

            Assert.Equal(ExceptionClass.Hvc64, exit.Esr.Class);
            Assert.Equal(0UL, vcpu.Core[1]);
            Assert.Equal(checksum, vcpu.Core[2]);
            Assert.Equal(instructions, vcpu.RetiredInstructions);
        }
    }
}
