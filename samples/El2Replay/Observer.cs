using System;
using System.Globalization;
using System.Text.Json;
using HvIntrospect.Registers;

namespace HvIntrospect.Samples.El2Replay;

/// <summary>Writes what a monitor at EL2 sees of an exception: the syndrome, and what has changed in the guest since the last one.</summary>
internal sealed class Observer
{
    private const string VectorOfLowerLevel = "0x400";

    // PSTATE.ALLINT is masked out of every recorded value.
    private const ulong SpsrMask = ~(1UL << 13);

    private readonly Monitor _monitor;
    private readonly Utf8JsonWriter _json;
    private readonly bool _logsVectors;
    private CoreRegisters _core;
    private ExceptionRegisters _exception;

    /// <param name="monitor">The machine at the start of a case.</param>
    /// <param name="json">Receives the observations.</param>
    /// <param name="logsVectors">True to write the SIMD registers that differ from their defaults.</param>
    public Observer(Monitor monitor, Utf8JsonWriter json, bool logsVectors)
    {
        _monitor = monitor;
        _json = json;
        _logsVectors = logsVectors;
        Remember();
    }

    public static string Text(ulong value) => "0x" + value.ToString("x", CultureInfo.InvariantCulture);

    public static void WriteHex(Utf8JsonWriter json, ReadOnlySpan<byte> name, ulong value)
    {
        Span<char> text = stackalloc char[18];
        "0x".CopyTo(text);
        _ = value.TryFormat(text[2..], out int length, "x", CultureInfo.InvariantCulture);
        json.WriteString(name, text[..(length + 2)]);
    }

    /// <summary>Writes the syndrome of an exception of a lower Exception level, and where it came from.</summary>
    public static void WriteSyndrome(Utf8JsonWriter json, Esr esr, in CoreRegisters core)
    {
        json.WriteString("vec"u8, VectorOfLowerLevel);
        WriteHex(json, "esr"u8, esr.Value);
        WriteHex(json, "elr"u8, core.Pc.Value);
        WriteHex(json, "spsr"u8, core.Pstate.Value & SpsrMask);
    }

    /// <summary>Writes the syndrome registers of EL1.</summary>
    public static void WriteEl1(Utf8JsonWriter json, in ExceptionRegisters registers)
    {
        json.WriteStartObject("el1"u8);
        WriteHex(json, "esr"u8, registers.EsrEl1.Value);
        WriteHex(json, "far"u8, registers.FarEl1);
        WriteHex(json, "elr"u8, registers.ElrEl1);
        WriteHex(json, "spsr"u8, registers.SpsrEl1.Value & SpsrMask);
        json.WriteEndObject();
    }

    /// <summary>Tells whether a syndrome register of EL1 has changed.</summary>
    public static bool IsChanged(in ExceptionRegisters old, in ExceptionRegisters now) =>
        (old.EsrEl1.Value, old.FarEl1, old.ElrEl1, old.SpsrEl1.Value) != (now.EsrEl1.Value, now.FarEl1, now.ElrEl1, now.SpsrEl1.Value);

    /// <summary>Writes what a run of the guest ended with.</summary>
    public void WriteRun(in VcpuExit exit)
    {
        _json.WriteStartObject("obs"u8);
        if (exit.Kind == VcpuExitKind.Exception)
        {
            WriteSyndrome(_json, exit.Esr, _monitor.Core);
            WriteHex(_json, "ec"u8, (ulong)exit.Esr.Class);
            WriteAddress("far"u8, exit.HasFar, exit.Far.Value);
            WriteAddress("hpfar"u8, exit.HasHpfar, exit.Hpfar.Value);
        }
        else
        {
            // No exception was taken to EL2: the guest waits for something that does not come, or its instructions are used up.
            _json.WriteString("end"u8, exit.Kind == VcpuExitKind.Halted ? "wait"u8 : "limit"u8);
            WriteHex(_json, "elr"u8, _monitor.Core.Pc.Value);
            WriteHex(_json, "spsr"u8, _monitor.Core.Pstate.Value & SpsrMask);
        }

        WriteChanges();
        _json.WriteEndObject();
        Remember();
    }

    /// <summary>Makes a general register that the monitor itself has set one that has not changed.</summary>
    public void Remember(int number, ulong value) => _core[number] = value;

    // The present state is the one that the next run starts from.
    private void Remember()
    {
        _core = _monitor.Core;
        _exception = _monitor.Exception;
    }

    private void WriteAddress(ReadOnlySpan<byte> name, bool isWritten, ulong value)
    {
        if (isWritten)
        {
            WriteHex(_json, name, value);
        }
        else
        {
            _json.WriteString(name, "unwritten"u8);
        }
    }

    private void WriteChanges()
    {
        ref readonly CoreRegisters core = ref _monitor.Core;
        _json.WriteStartObject("x"u8);
        for (int i = 0; i < CoreRegisters.GeneralCount; i++)
        {
            if (core[i] != _core[i])
            {
                _json.WriteString(i.ToString(CultureInfo.InvariantCulture), Text(core[i]));
            }
        }

        _json.WriteEndObject();
        if (core.SpEl0 != _core.SpEl0)
        {
            WriteHex(_json, "sp_el0"u8, core.SpEl0);
        }

        if (core.SpEl1 != _core.SpEl1)
        {
            WriteHex(_json, "sp_el1"u8, core.SpEl1);
        }

        if (IsChanged(_exception, _monitor.Exception))
        {
            WriteEl1(_json, _monitor.Exception);
        }

        if (_logsVectors)
        {
            WriteVectors();
        }
    }

    private void WriteVectors()
    {
        ref readonly VectorRegisters vector = ref _monitor.Vector;
        _json.WriteStartObject("v"u8);
        for (int i = 0; i < VectorRegisters.Count; i++)
        {
            VectorRegister value = vector[i];
            if (value != Monitor.DefaultVector(i))
            {
                _json.WriteString(
                    i.ToString(CultureInfo.InvariantCulture), string.Create(CultureInfo.InvariantCulture, $"0x{value.High:x16}{value.Low:x16}"));
            }
        }

        _json.WriteEndObject();
    }
}
