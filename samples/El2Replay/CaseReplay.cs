using System;
using System.Globalization;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text.Json;
using HvIntrospect.Registers;

namespace HvIntrospect.Samples.El2Replay;

/// <summary>Plays the steps of one case, and writes what each of those that observe something has observed.</summary>
internal sealed class CaseReplay
{
    private readonly World _world;
    private readonly Monitor _monitor;
    private readonly ulong _limit;
    private readonly Utf8JsonWriter _json;
    private Observer _observer = null!;

    public CaseReplay(World world, Monitor monitor, ulong limit, Utf8JsonWriter json)
    {
        _world = world;
        _monitor = monitor;
        _limit = limit;
        _json = json;
    }

    /// <summary>Plays a case.</summary>
    /// <exception cref="BadCaseException">A field is wrong; the observations of the steps before are written.</exception>
    public void Play(JsonElement line)
    {
        _monitor.Reset();
        foreach (JsonElement code in line.Items("code"))
        {
            uint[] words = [.. code.Items("u32").Select(static word => (uint)Fields.Hex(word, "u32", uint.MaxValue))];
            _monitor.Write(code.Hex("pa"), MemoryMarshal.AsBytes<uint>(words));
        }

        Start(line.Get("init"));
        JsonElement.ArrayEnumerator steps = line.Items("steps");
        bool logsVectors = steps.Any(static step => step.TryGet("obs", out JsonElement observed) && observed.TryGet("v", out _));
        _observer = new Observer(_monitor, _json, logsVectors);
        _json.WriteStartArray("steps"u8);
        int index = 0;
        try
        {
            foreach (JsonElement step in steps)
            {
                Do(step);
                index++;
            }
        }
        catch (BadCaseException exception)
        {
            throw new BadCaseException(string.Create(CultureInfo.InvariantCulture, $"step {index}: {exception.Message}"));
        }
        finally
        {
            _json.WriteEndArray();
        }
    }

    private void Start(JsonElement init)
    {
        ref CoreRegisters core = ref _monitor.Modify();
        foreach (JsonProperty register in init.Members("x"))
        {
            bool isNumber = int.TryParse(register.Name, NumberStyles.None, CultureInfo.InvariantCulture, out int number);
            core[isNumber && number < CoreRegisters.GeneralCount ? number : throw new BadCaseException($"there is no register x{register.Name}")] =
                Fields.Hex(register.Value, "x", ulong.MaxValue);
        }

        core.Pc = new Va(init.Hex("pc"));
        core.Pstate = new Spsr(init.Hex("spsr"));
        core.SpEl0 = init.Hex("sp_el0");
        core.SpEl1 = init.Hex("sp_el1");
    }

    private void Do(JsonElement step)
    {
        string kind = step.Text("do");
        switch (kind)
        {
            case "run":
                Begin(kind);
                _observer.WriteRun(_monitor.Run(_limit));
                break;
            case "sysr":
                SystemRegister register = World.Register(step.Text("reg"));
                ulong read = _monitor.ReadRegister(register);
                Begin(kind);
                _json.WriteString("reg"u8, step.Text("reg"));
                Observer.WriteHex(_json, "obs"u8, read);
                break;
            case "at":
                ulong va = step.Hex("va");
                ulong par = _monitor.TranslateAddress(step.Text("op"), va);
                Begin(kind);
                _json.WriteString("op"u8, step.Text("op"));
                Observer.WriteHex(_json, "va"u8, va);
                Observer.WriteHex(_json, "par"u8, par);
                break;
            case "memdiff":
                Begin(kind);
                _json.WriteStartObject("obs"u8);
                foreach ((ulong pa, ulong value) in _world.FindDifferences(_monitor))
                {
                    _json.WriteString(Observer.Text(pa), Observer.Text(value));
                }

                _json.WriteEndObject();
                break;
            default:
                Prepare(kind, step);
                return;
        }

        _json.WriteEndObject();
    }

    private void Prepare(string kind, JsonElement step)
    {
        switch (kind)
        {
            case "sysw":
                _monitor.WriteRegister(World.Register(step.Text("reg")), step.Hex("val"));
                break;
            case "mem":
                ulong[] words = [.. step.Items("u64").Select(static word => Fields.Hex(word, "u64", ulong.MaxValue))];
                _monitor.Write(step.Hex("pa"), MemoryMarshal.AsBytes<ulong>(words));
                break;
            case "tlbi":
                _monitor.Tlbi(step.Text("op"), step.TryGet("x", out JsonElement operand) ? Fields.Hex(operand, "x", ulong.MaxValue) : 0);
                break;
            case "spsr":
                ref CoreRegisters core = ref _monitor.Modify();
                core.Pstate = new Spsr((core.Pstate.Value & ~step.Hex("clr")) | step.Hex("set"));
                break;
            case "pcadd":
                _monitor.Modify().Pc += (ulong)step.Integer("val", long.MinValue, long.MaxValue);
                break;
            case "pcset":
                _monitor.Modify().Pc = new Va(step.Hex("val"));
                break;
            case "setx":
                int number = (int)step.Integer("n", 0, CoreRegisters.GeneralCount - 1);
                _monitor.Modify()[number] = step.Hex("val");
                _observer.Remember(number, step.Hex("val"));
                break;
            default:
                throw new BadCaseException($"there is no step '{kind}'");
        }
    }

    private void Begin(string kind)
    {
        _json.WriteStartObject();
        _json.WriteString("do"u8, kind);
    }
}
