using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace HvIntrospect.Peers;

/// <summary>One A64 core of Unicorn, at EL1h, with flat memory.</summary>
/// <remarks>Not thread-safe.</remarks>
public sealed unsafe class UnicornEngine : IDisposable
{
    private const int SpecialCount = 3;
    private const int BatchCount = UnicornState.GeneralCount + SpecialCount + UnicornState.VectorCount;
    private static readonly int[] s_numbers = MakeNumbers();

    private readonly Watch* _watch;
    private nint _engine;

    /// <summary>Makes a core.</summary>
    /// <param name="model">Which core.</param>
    /// <exception cref="InvalidOperationException">The library is absent or refuses.</exception>
    public UnicornEngine(UnicornModel model = UnicornModel.CortexA57)
    {
        if (!Peer.Unicorn.IsAvailable)
        {
            throw new InvalidOperationException(Peer.Unicorn.AbsenceReason);
        }

        Check(UnicornNative.Open(UnicornNative.ArchitectureArm64, UnicornNative.ModeLittleEndian, out _engine));
        Check(UnicornNative.Control(_engine, UnicornNative.ControlModel, (ulong)model, 0));
        _watch = (Watch*)NativeMemory.AllocZeroed((nuint)sizeof(Watch));
        Check(UnicornNative.AddHook(
            _engine,
            out _,
            UnicornNative.HookInvalidMemory,
            (delegate* unmanaged[Cdecl]<nint, int, ulong, int, long, Watch*, byte>)&OnInvalidMemory,
            _watch,
            1,
            0));
    }

    /// <summary>Gets the library's version.</summary>
    public static string Version
    {
        get
        {
            uint version = UnicornNative.Version(out _, out _);
            return $"{version >> 24}.{(version >> 16) & 0xff}.{(version >> 8) & 0xff}";
        }
    }

    /// <summary>Gets the access that ended the last run by a memory error, or null when it ended otherwise.</summary>
    public UnicornFault? Fault => _watch->HasFault != 0 ? new UnicornFault(_watch->FaultAddress, _watch->FaultSize) : null;

    /// <summary>Gets the number of accesses that <see cref="CountAccesses"/> has counted.</summary>
    public long Accesses => _watch->Accesses;

    /// <summary>Gets or sets the program counter.</summary>
    public ulong Pc
    {
        get => ReadRegister(UnicornNative.ProgramCounter);
        set => WriteRegister(UnicornNative.ProgramCounter, value);
    }

    /// <summary>Maps zeroed memory.</summary>
    /// <param name="address">A multiple of 4096.</param>
    /// <param name="size">Bytes, a multiple of 4096.</param>
    /// <param name="protection">What is permitted.</param>
    public void Map(ulong address, ulong size, UnicornProtection protection = UnicornProtection.All) =>
        Check(UnicornNative.Map(_engine, address, (nuint)size, protection));

    /// <summary>Removes a mapping.</summary>
    /// <param name="address">A multiple of 4096.</param>
    /// <param name="size">Bytes, a multiple of 4096.</param>
    public void Unmap(ulong address, ulong size) => Check(UnicornNative.Unmap(_engine, address, (nuint)size));

    /// <summary>Changes what a mapping permits.</summary>
    /// <param name="address">A multiple of 4096.</param>
    /// <param name="size">Bytes, a multiple of 4096.</param>
    /// <param name="protection">What is permitted.</param>
    public void Protect(ulong address, ulong size, UnicornProtection protection) =>
        Check(UnicornNative.Protect(_engine, address, (nuint)size, protection));

    /// <summary>Writes memory whatever its protection.</summary>
    /// <param name="address">The first byte.</param>
    /// <param name="bytes">The bytes.</param>
    public void Write(ulong address, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* first = bytes)
        {
            Check(UnicornNative.Write(_engine, address, first, (nuint)bytes.Length));
        }
    }

    /// <summary>Writes instructions and drops what was translated from those that stood there.</summary>
    /// <param name="address">The first instruction.</param>
    /// <param name="words">The instructions.</param>
    public void WriteCode(ulong address, params ReadOnlySpan<uint> words)
    {
        ulong size = (ulong)words.Length * sizeof(uint);
        Write(address, MemoryMarshal.AsBytes(words));
        Check(UnicornNative.Control(_engine, UnicornNative.ControlRemoveCache, address, address + size));
    }

    /// <summary>Reads memory whatever its protection.</summary>
    /// <param name="address">The first byte.</param>
    /// <param name="bytes">Receives the bytes.</param>
    public void Read(ulong address, Span<byte> bytes)
    {
        fixed (byte* first = bytes)
        {
            Check(UnicornNative.Read(_engine, address, first, (nuint)bytes.Length));
        }
    }

    /// <summary>Reads X0 to X30.</summary>
    /// <param name="index">0 to 30.</param>
    /// <returns>All 64 bits.</returns>
    public ulong ReadX(int index) => ReadRegister(NumberOfX(index));

    /// <summary>Writes X0 to X30.</summary>
    /// <param name="index">0 to 30.</param>
    /// <param name="value">All 64 bits.</param>
    public void WriteX(int index, ulong value) => WriteRegister(NumberOfX(index), value);

    /// <summary>Writes a system register.</summary>
    /// <param name="op0">Op0 of its encoding.</param>
    /// <param name="op1">Op1.</param>
    /// <param name="crn">CRn.</param>
    /// <param name="crm">CRm.</param>
    /// <param name="op2">Op2.</param>
    /// <param name="value">All 64 bits.</param>
    public void WriteSystemRegister(uint op0, uint op1, uint crn, uint crm, uint op2, ulong value)
    {
        SystemRegisterValue register = new() { Crn = crn, Crm = crm, Op0 = op0, Op1 = op1, Op2 = op2, Value = value };
        Check(UnicornNative.WriteRegister(_engine, UnicornNative.SystemRegister, &register));
    }

    /// <summary>Reads all registers in one call.</summary>
    /// <param name="state">Receives them.</param>
    public void ReadState(UnicornState state) => Transfer(state, write: false);

    /// <summary>Writes all registers in one call.</summary>
    /// <param name="state">The values.</param>
    public void WriteState(UnicornState state) => Transfer(state, write: true);

    /// <summary>Runs from an address.</summary>
    /// <param name="start">The first instruction.</param>
    /// <param name="until">The run ends before this address is executed.</param>
    /// <param name="count">The run ends after so many instructions; 0: no such limit, which is the faster engine.</param>
    /// <returns>Why it ended.</returns>
    public UnicornError Run(ulong start, ulong until, ulong count = 0)
    {
        _watch->HasFault = 0;
        return UnicornNative.Start(_engine, start, until, 0, (nuint)count);
    }

    /// <summary>Counts data accesses in a range from now on, by a memory hook.</summary>
    /// <param name="first">The first byte.</param>
    /// <param name="last">The last byte, inclusive.</param>
    public void CountAccesses(ulong first, ulong last) => Check(UnicornNative.AddHook(
        _engine,
        out _,
        UnicornNative.HookRead | UnicornNative.HookWrite,
        (delegate* unmanaged[Cdecl]<nint, int, ulong, int, long, Watch*, void>)&OnAccess,
        _watch,
        first,
        last));

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_engine != 0)
        {
            _ = UnicornNative.Close(_engine);
            _engine = 0;
            NativeMemory.Free(_watch);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static byte OnInvalidMemory(nint engine, int type, ulong address, int size, long value, Watch* watch)
    {
        watch->HasFault = 1;
        watch->FaultAddress = address;
        watch->FaultSize = size;
        return 0;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnAccess(nint engine, int type, ulong address, int size, long value, Watch* watch) => watch->Accesses++;

    private static int NumberOfX(int index) => index switch
    {
        29 => UnicornNative.X29,
        30 => UnicornNative.X30,
        _ => UnicornNative.X0 + index,
    };

    private static int[] MakeNumbers()
    {
        int[] numbers = new int[BatchCount];
        for (int i = 0; i < UnicornState.GeneralCount; i++)
        {
            numbers[i] = NumberOfX(i);
        }

        numbers[UnicornState.GeneralCount] = UnicornNative.StackPointer;
        numbers[UnicornState.GeneralCount + 1] = UnicornNative.ProgramCounter;
        numbers[UnicornState.GeneralCount + 2] = UnicornNative.Pstate;
        for (int i = 0; i < UnicornState.VectorCount; i++)
        {
            numbers[UnicornState.GeneralCount + SpecialCount + i] = UnicornNative.Q0 + i;
        }

        return numbers;
    }

    private static void Check(UnicornError error)
    {
        if (error != UnicornError.None)
        {
            throw new InvalidOperationException($"Unicorn refuses: error {(int)error}.");
        }
    }

    private void Transfer(UnicornState state, bool write)
    {
        void** values = stackalloc void*[BatchCount];
        fixed (int* numbers = s_numbers)
        fixed (ulong* general = state.X)
        fixed (ulong* special = state.Special)
        fixed (UInt128* vectors = state.V)
        {
            for (int i = 0; i < UnicornState.GeneralCount; i++)
            {
                values[i] = general + i;
            }

            for (int i = 0; i < SpecialCount; i++)
            {
                values[UnicornState.GeneralCount + i] = special + i;
            }

            for (int i = 0; i < UnicornState.VectorCount; i++)
            {
                values[UnicornState.GeneralCount + SpecialCount + i] = vectors + i;
            }

            Check(write
                ? UnicornNative.WriteRegisters(_engine, numbers, values, BatchCount)
                : UnicornNative.ReadRegisters(_engine, numbers, values, BatchCount));
        }
    }

    private ulong ReadRegister(int number)
    {
        ulong value = 0;
        Check(UnicornNative.ReadRegister(_engine, number, &value));
        return value;
    }

    private void WriteRegister(int number, ulong value) => Check(UnicornNative.WriteRegister(_engine, number, &value));

    private struct Watch
    {
        public long Accesses;
        public ulong FaultAddress;
        public int FaultSize;
        public int HasFault;
    }

    private struct SystemRegisterValue
    {
        public uint Crn;
        public uint Crm;
        public uint Op0;
        public uint Op1;
        public uint Op2;
        public ulong Value;
    }
}
