using System;
using System.Runtime.InteropServices;
using HvIntrospect.Interpreter;
using HvIntrospect.Registers;

namespace HvIntrospect.Tests.Interpreter;

/// <summary>A machine with code at <see cref="Code"/>, and EL1 vectors that each call EL2 with their number.</summary>
internal sealed class GuestProgram : IDisposable
{
    public const ulong Code = 0x4000_0000;
    public const ulong Vectors = 0x4001_0000;
    public const ulong Data = 0x4002_0000;
    public const ulong Limit = 100_000;

    public const uint Nop = 0xD503201F;
    public const uint AddX3 = 0x91000463; // add x3, x3, #1
    public const uint Svc9 = 0xD4000121;
    public const uint Hvc42 = 0xD4000842;
    public const uint Brk5 = 0xD42000A0;
    public const uint Udf = 0;
    public const uint Eret = 0xD69F03E0;
    public const uint Wfi = 0xD503207F;
    public const uint Wfe = 0xD503205F;
    public const uint BranchToSelf = 0x14000000;
    public const uint LdrX2 = 0xF9400022; // ldr x2, [x1]
    public const uint StrX2 = 0xF9000022; // str x2, [x1]

    public GuestProgram(Machine machine, params uint[] words)
    {
        Machine = machine;
        Vcpu.TryGetCapability(out IEl2Operations? operations);
        El2 = operations!;
        Write(Code, words);
        for (uint i = 0; i < 16; i++)
        {
            // hvc #(0x100 + i)
            Write(Vectors + (i * 0x80), 0xD4000002 | ((0x100 + i) << 5));
        }

        Vcpu.ModifyException().VbarEl1 = Vectors;
        Vcpu.ModifyCore()[1] = Data;
    }

    public GuestProgram(MachineOptions options, params uint[] words)
        : this(new Machine(options), words)
    {
    }

    public GuestProgram(params uint[] words)
        : this(new MachineOptions(), words)
    {
    }

    public Machine Machine { get; }

    public Vcpu Vcpu => Machine.Vcpus[0];

    public IEl2Operations El2 { get; }

    public void Write(ulong address, params uint[] words)
    {
        if (Machine.Memory.Write(new Ipa(address), MemoryMarshal.AsBytes<uint>(words)) != words.Length * sizeof(uint))
        {
            throw new ArgumentOutOfRangeException(nameof(address));
        }
    }

    public ulong Read64(ulong address)
    {
        Span<byte> bytes = stackalloc byte[8];
        Machine.Memory.Read(new Ipa(address), bytes);
        return BitConverter.ToUInt64(bytes);
    }

    public VcpuExit Run() => Machine.Run(Vcpu, Limit);

    /// <summary>Runs to an HVC.</summary>
    /// <returns>Its immediate.</returns>
    public int RunToCall()
    {
        VcpuExit exit = Run();
        return exit.Esr.TryGetCall(out CallSyndrome call) && exit.Esr.Class == ExceptionClass.Hvc64
            ? call.Immediate
            : throw new InvalidOperationException("The run ended otherwise: " + exit);
    }

    public void SetState(ulong pstate) => Vcpu.ModifyCore().Pstate = new Spsr(pstate);

    public void SetBits(SystemRegister register, ulong bits) => El2.WriteSystemRegister(register, El2.ReadSystemRegister(register) | bits);

    public void Dispose() => Machine.Dispose();
}
