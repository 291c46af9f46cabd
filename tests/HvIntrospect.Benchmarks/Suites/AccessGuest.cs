using System;
using System.Buffers.Binary;
using HvIntrospect.Interpreter;
using HvIntrospect.Introspection;
using HvIntrospect.Registers;
using HvIntrospect.Watchpoints;

namespace HvIntrospect.Benchmarks.Suites;

/// <summary>A guest that does nothing but load and store 8-byte words of 64 bytes of one page, with an introspector beside it.</summary>
internal sealed class AccessGuest : IDisposable
{
    private const ulong Ram = 0x4000_0000;
    private const ulong RamSize = 0x20_0000;
    private const ulong Page = Ram + 0x10_0000;
    private const ulong AccessedBytes = 64;
    private const ulong Turns = 2000;
    private const long AccessesOfTurn = 8;

    private static readonly uint[] s_program =
    [
        0xf9400022, // ldr x2, [x1]
        0xf9000422, // str x2, [x1, #8]
        0xf9400823, // ldr x3, [x1, #16]
        0xf9000c23, // str x3, [x1, #24]
        0xf9401024, // ldr x4, [x1, #32]
        0xf9001424, // str x4, [x1, #40]
        0xf9401825, // ldr x5, [x1, #48]
        0xf9001c25, // str x5, [x1, #56]
        0xf1000400, // subs x0, x0, #1
        0x54fffee1, // b.ne to the first
        0xd4000002, // hvc #0
    ];

    private readonly Machine _machine = new(new MachineOptions { RamBase = new Ipa(Ram), RamSize = RamSize });
    private readonly Introspector _introspector;
    private readonly WatchHandler _handler;
    private readonly VcpuRun _run;
    private Watch? _watch;

    public AccessGuest(bool usesInlineFilter)
    {
        Span<byte> word = stackalloc byte[sizeof(uint)];
        for (int i = 0; i < s_program.Length; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(word, s_program[i]);
            _machine.Memory.Write(new Ipa(Ram + ((ulong)i * sizeof(uint))), word);
        }

        _introspector = new Introspector(_machine, new IntrospectorOptions { UseInlineFilter = usesInlineFilter });
        _handler = OnAccess;
        _run = (IVcpu vcpu, in VcpuAction _) => _machine.Run((Vcpu)vcpu);
    }

    /// <summary>Gets a range of the accessed page that is not accessed.</summary>
    public static IpaRange NearBytes => new(new Ipa(Page + 0x800), AccessedBytes);

    /// <summary>Gets the range that is accessed.</summary>
    public static IpaRange HitBytes => new(new Ipa(Page), AccessedBytes);

    /// <summary>Gets how often the handler was called.</summary>
    public long Events { get; private set; }

    /// <summary>Watches a range instead of what was watched before.</summary>
    /// <param name="range">The range, or null to watch nothing.</param>
    public void Watch(IpaRange? range)
    {
        if (_watch?.Range == range)
        {
            return;
        }

        _watch?.Dispose();
        _watch = range is { } watched ? _introspector.AddWatch(watched, WatchKinds.ReadWrite, _handler) : null;
    }

    /// <summary>Runs the guest to its end.</summary>
    /// <returns>The number of accesses.</returns>
    public long Run()
    {
        Vcpu vcpu = _machine.Vcpus[0];
        ref CoreRegisters core = ref vcpu.ModifyCore();
        core.Pc = new Va(Ram);
        core[0] = Turns;
        core[1] = Page;
        VcpuAction action = _introspector.Run(vcpu, _run, out VcpuExit exit);
        return exit.Esr.Class == ExceptionClass.Hvc64
            ? (long)Turns * AccessesOfTurn
            : throw new InvalidOperationException($"The guest of accesses ended by {exit}: {action}.");
    }

    public void Dispose()
    {
        _introspector.Dispose();
        _machine.Dispose();
    }

    private WatchResponse OnAccess(in WatchEvent e)
    {
        Events++;
        return WatchResponse.Continue;
    }
}
