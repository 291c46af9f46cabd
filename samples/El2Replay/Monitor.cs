using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using HvIntrospect.Interpreter;
using HvIntrospect.Registers;

namespace HvIntrospect.Samples.El2Replay;

/// <summary>One vCPU in a machine with 1 GiB of RAM and nothing else, and at EL2 a monitor that does what the steps of a case say.</summary>
/// <remarks>The monitor has its own Stage 2: each world brings the tables and writes the registers that point to them.</remarks>
internal sealed class Monitor : IDisposable
{
    /// <summary>The physical address of the RAM.</summary>
    public const ulong RamBase = 0x4000_0000;

    /// <summary>The size of the RAM in bytes.</summary>
    public const ulong RamLength = 0x4000_0000;

    private const ulong DefaultRegister = 0xC0DE_0000_0000_0000;
    private const ulong DefaultRegisterStep = 0x01_0101_0101;
    private const ulong DefaultVectorStep = 0x0101_0101_0101_0101;
    private const ulong HypervisorLength = 0x1_0000;

    // A case that may have touched more pages than these is followed by a fresh snapshot, so that what one case costs is not paid for by all others.
    private const int ManyPages = 1024;

    private static readonly Dictionary<string, TlbiOperation> s_tlbi = NamesOf<TlbiOperation>();

    private readonly Machine _machine;
    private readonly Vcpu _vcpu;
    private readonly IEl2Operations _el2;
    private readonly IPhysicalMemory _memory;
    private MachineSnapshot _start;
    private ulong _firstInstruction;
    private int _pagesWritten;

    /// <summary>Makes a machine in which some world is the start of every case.</summary>
    /// <param name="core">What the vCPU is.</param>
    /// <param name="setUp">Makes the world.</param>
    public Monitor(Core core, Action<Monitor> setUp)
    {
        _machine = new Machine(new MachineOptions(core.Model)
        {
            AddressBits = core.AddressBits,
            RamBase = new Ipa(RamBase),
            RamPhysicalBase = new Pa(RamBase),
            RamSize = RamLength,

            // The tables that the machine itself makes are not used. They lie where no world has memory.
            HypervisorMemory = new PaRange(new Pa((1UL << Math.Min(core.AddressBits, 48)) - HypervisorLength), HypervisorLength),
            TimersRaiseVirtualIrq = false,
            DecodedPageLimit = 64,
        });
        _vcpu = _machine.Vcpus[0];
        _el2 = _vcpu.TryGetCapability(out IEl2Operations? el2) ? el2 : throw new InvalidOperationException("The machine has no EL2.");
        _memory = _machine.TryGetCapability(out IPhysicalMemory? memory) ? memory : throw new InvalidOperationException("The machine tells no physical addresses.");
        setUp(this);
        Tlbi("ALLE1", 0);
        Tlbi("ALLE2", 0);
        _start = _machine.TakeSnapshot();
    }

    /// <summary>Gets the core's registers.</summary>
    public ref readonly CoreRegisters Core => ref _vcpu.Core;

    /// <summary>Gets the SIMD registers.</summary>
    public ref readonly VectorRegisters Vector => ref _vcpu.Vector;

    /// <summary>Gets the syndrome registers of EL1.</summary>
    public ref readonly ExceptionRegisters Exception => ref _vcpu.Exception;

    /// <summary>Gets the value that a general register has at the start.</summary>
    public static ulong DefaultGeneral(int number) => DefaultRegister + ((ulong)number * DefaultRegisterStep);

    /// <summary>Gets the value that a SIMD register has at the start.</summary>
    public static VectorRegister DefaultVector(int number) =>
        new(DefaultVectorStep * ((2 * (ulong)number) + 1), DefaultVectorStep * ((2 * (ulong)number) + 2));

    /// <summary>Puts everything back to the start of a case; the general and SIMD registers hold their defaults.</summary>
    public void Reset()
    {
        _machine.Restore(_start);
        if (_pagesWritten > ManyPages || _vcpu.RetiredInstructions - _firstInstruction > ManyPages)
        {
            _start.Dispose();
            _start = _machine.TakeSnapshot();
        }

        _pagesWritten = 0;
        _firstInstruction = _vcpu.RetiredInstructions;
        ref CoreRegisters core = ref _vcpu.ModifyCore();
        for (int i = 0; i < CoreRegisters.GeneralCount; i++)
        {
            core[i] = DefaultGeneral(i);
        }

        ref VectorRegisters vector = ref _vcpu.ModifyVector();
        for (int i = 0; i < VectorRegisters.Count; i++)
        {
            vector[i] = DefaultVector(i);
        }
    }

    /// <summary>Gets the saved context of the guest, to change it.</summary>
    public ref CoreRegisters Modify() => ref _vcpu.ModifyCore();

    /// <summary>Returns to the guest.</summary>
    /// <param name="limit">How many instructions it may execute.</param>
    /// <returns>The next exception to EL2, or <see cref="VcpuExitKind.Halted"/> or <see cref="VcpuExitKind.Canceled"/> where there is none.</returns>
    public VcpuExit Run(ulong limit) => _machine.Run(_vcpu, limit);

    /// <summary>Writes physical memory. Where there is none nothing happens.</summary>
    public void Write(ulong pa, ReadOnlySpan<byte> bytes)
    {
        if (IsRam(pa, bytes.Length))
        {
            _memory.Write(new Pa(pa), bytes);
            _pagesWritten += 1 + (bytes.Length >> 12);
        }
    }

    /// <summary>Reads physical memory.</summary>
    /// <returns>False where there is none.</returns>
    public bool Read(ulong pa, Span<byte> bytes) => IsRam(pa, bytes.Length) && _memory.Read(new Pa(pa), bytes) == bytes.Length;

    /// <summary>Writes a system register at EL2.</summary>
    public void WriteRegister(SystemRegister register, ulong value) => Access(register, () =>
    {
        _el2.WriteSystemRegister(register, value);
        return value;
    });

    /// <summary>Reads a system register at EL2.</summary>
    public ulong ReadRegister(SystemRegister register) => Access(register, () => _el2.ReadSystemRegister(register));

    /// <summary>Performs a TLBI at EL2.</summary>
    public void Tlbi(string operation, ulong operand)
    {
        if (!s_tlbi.TryGetValue(operation, out TlbiOperation tlbi))
        {
            throw new BadCaseException($"there is no TLBI '{operation}'");
        }

        _el2.Tlbi(tlbi, operand);
    }

    /// <summary>Performs an AT at EL2, where PSTATE.PAN is 0.</summary>
    /// <returns>PAR_EL1.</returns>
    public ulong TranslateAddress(string operation, ulong va)
    {
        // With PSTATE.PAN clear the forms that respect it are the plain ones.
        string plain = operation is "S1E1RP" or "S1E1WP" ? operation[..^1] : operation;
        return Enum.TryParse(plain, out AddressTranslationOperation at) && Enum.IsDefined(at) && !char.IsDigit(plain[0])
            ? _el2.TranslateAddress(at, new Va(va))
            : throw new BadCaseException($"there is no AT '{operation}'");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _start.Dispose();
        _machine.Dispose();
    }

    private static Dictionary<string, T> NamesOf<T>()
        where T : struct, Enum
    {
        var names = new Dictionary<string, T>(StringComparer.OrdinalIgnoreCase);
        foreach (T value in Enum.GetValues<T>())
        {
            names.Add(value.ToString(), value);
        }

        return names;
    }

    private static bool IsRam(ulong pa, int length) => pa >= RamBase && pa - RamBase <= RamLength - (ulong)length;

    private static ulong Access(SystemRegister register, Func<ulong> access)
    {
        try
        {
            return access();
        }
        catch (ArgumentException)
        {
            throw new BadCaseException($"the core does not implement {register}, or not for this access");
        }
    }
}
