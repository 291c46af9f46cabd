using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.State;
using HvIntrospect.Registers;

namespace HvIntrospect.Tests.Interpreter.Vectors;

/// <summary>Plays one case of the EL2 vectors and compares everything that was observed.</summary>
internal sealed unsafe class El2Case
{
    // PSTATE.ALLINT is masked out of the recorded values.
    private const ulong SpsrMask = ~(1UL << 13);
    private static readonly SystemRegister[] s_el1 =
        [SystemRegister.EsrEl1, SystemRegister.FarEl1, SystemRegister.ElrEl1, SystemRegister.SpsrEl1];

    private readonly El2World _world;
    private readonly JsonElement _case;
    private readonly StringBuilder _difference = new();
    private readonly bool _isFarLoose;
    private ulong[] _x = [];
    private ulong _spEl0;
    private ulong _spEl1;
    private ulong[] _el1 = [];

    private El2Case(El2World world, JsonElement json)
    {
        _world = world;
        _case = json;
        string choice = json.TryGetProperty("impl_choice", out JsonElement text) ? text.GetString()! : string.Empty;
        _isFarLoose = choice.Contains("crosses into a faulting page", StringComparison.Ordinal) || choice.Contains("FAR may be any address in the block", StringComparison.Ordinal);
    }

    /// <summary>Plays a case.</summary>
    /// <returns>The first difference, or null.</returns>
    public static string? Play(El2World world, JsonElement json)
    {
        var play = new El2Case(world, json);
        try
        {
            play.Play();
        }
        catch (ArgumentException exception)
        {
            play._difference.Append(exception.Message);
        }

        return play._difference.Length == 0 ? null : play._difference.ToString();
    }

    private void Play()
    {
        _world.Reset(_case.GetProperty("init"));
        foreach (JsonElement code in _case.GetProperty("code").EnumerateArray())
        {
            uint[] words = [.. code.GetProperty("u32").EnumerateArray().Select(word => uint.Parse(word.GetString()!, NumberStyles.HexNumber, CultureInfo.InvariantCulture))];
            _world.Write(El2World.Number(code.GetProperty("pa")), MemoryMarshal.AsBytes<uint>(words));
        }

        Remember();
        int index = 0;
        foreach (JsonElement step in _case.GetProperty("steps").EnumerateArray())
        {
            Do(step);
            if (_difference.Length != 0)
            {
                _difference.Insert(0, string.Create(CultureInfo.InvariantCulture, $"step {index}: "));
                return;
            }

            index++;
        }
    }

    private void Do(JsonElement step)
    {
        switch (step.GetProperty("do").GetString())
        {
            case "run":
                Run(step);
                break;
            case "sysw":
                _world.WriteRegister(El2World.Register(step.GetProperty("reg")), El2World.Number(step.GetProperty("val")));
                _el1 = ReadEl1();
                break;
            case "sysr":
                Compare("sysr", El2World.Number(step.GetProperty("obs")), _world.ReadRegister(El2World.Register(step.GetProperty("reg"))));
                break;
            case "mem":
                ulong[] words = [.. step.GetProperty("u64").EnumerateArray().Select(El2World.Number)];
                _world.Write(El2World.Number(step.GetProperty("pa")), MemoryMarshal.AsBytes<ulong>(words));
                break;
            case "tlbi":
                _world.Tlbi(step.GetProperty("op").GetString()!, step.TryGetProperty("x", out JsonElement x) ? El2World.Number(x) : 0);
                break;
            case "spsr":
                ulong spsr = ProcessState.Read(_world.Cpu);
                ProcessState.Write(_world.Cpu, (uint)((spsr & ~El2World.Number(step.GetProperty("clr"))) | El2World.Number(step.GetProperty("set"))));
                break;
            case "pcadd":
                _world.Cpu->Pc += (ulong)step.GetProperty("val").GetInt64();
                break;
            case "pcset":
                _world.Cpu->Pc = El2World.Number(step.GetProperty("val"));
                break;
            case "setx":
                _world.Cpu->X[step.GetProperty("n").GetInt32()] = El2World.Number(step.GetProperty("val"));
                Remember();
                break;
            case "memdiff":
                CompareMemory(step.GetProperty("obs"));
                break;
            default:
                throw new ArgumentException("Unknown step " + step);
        }
    }

    private void Run(JsonElement step)
    {
        HashSet<string> ignored = step.TryGetProperty("ignore", out JsonElement ignore)
            ? [.. ignore.EnumerateArray().Select(name => name.GetString()!)] : [];
        JsonElement expected = step.GetProperty("obs");
        LeaveReason reason = _world.Run();
        if (reason != LeaveReason.ExceptionToEl2)
        {
            _difference.Append(CultureInfo.InvariantCulture, $"left by {reason} at {_world.Cpu->Pc:x}, expected {expected}");
            return;
        }

        CpuState* cpu = _world.Cpu;
        Compare("esr", El2World.Number(expected.GetProperty("esr")), cpu->System.EsrEl2);
        CompareWritten(expected, "far", cpu->Exit.HasFar != 0, cpu->System.FarEl2, ignored);
        CompareWritten(expected, "hpfar", cpu->Exit.HasHpfar != 0, cpu->System.HpfarEl2, ignored);
        Compare("elr", El2World.Number(expected.GetProperty("elr")), cpu->Pc);
        Compare("spsr", El2World.Number(expected.GetProperty("spsr")), ProcessState.Read(cpu) & SpsrMask);
        CompareGeneral(expected);
        Compare("sp_el0", expected.TryGetProperty("sp_el0", out JsonElement sp0) ? El2World.Number(sp0) : _spEl0, ProcessState.ReadSp(cpu, 0));
        Compare("sp_el1", expected.TryGetProperty("sp_el1", out JsonElement sp1) ? El2World.Number(sp1) : _spEl1, ProcessState.ReadSp(cpu, 1));
        CompareEl1(expected);
        if (expected.TryGetProperty("v", out JsonElement vectors))
        {
            CompareVectors(vectors);
        }

        Remember();
    }

    private void CompareWritten(JsonElement expected, string name, bool isWritten, ulong actual, HashSet<string> ignored)
    {
        if (!ignored.Contains(name))
        {
            string wanted = expected.GetProperty(name).GetString()!;
            string got = isWritten ? "0x" + actual.ToString("x", CultureInfo.InvariantCulture) : "unwritten";

            // Of an access that crosses pages, and of DC ZVA, only the page of FAR is fixed.
            bool samePage = name == "far" && _isFarLoose && isWritten && wanted != "unwritten" && El2World.Number(wanted) >> 12 == actual >> 12;
            if (wanted != got && !samePage)
            {
                _difference.Append(CultureInfo.InvariantCulture, $"{name} expected {wanted}, got {got}; ");
            }
        }
    }

    private void CompareGeneral(JsonElement expected)
    {
        JsonElement changed = default;
        bool has = expected.TryGetProperty("x", out changed);
        ulong[] actual = _world.GeneralRegisters();
        for (int i = 0; i < actual.Length; i++)
        {
            bool isChanged = has && changed.TryGetProperty(i.ToString(CultureInfo.InvariantCulture), out JsonElement value);
            Compare(string.Create(CultureInfo.InvariantCulture, $"x{i}"), isChanged ? El2World.Number(changed.GetProperty(i.ToString(CultureInfo.InvariantCulture))) : _x[i], actual[i]);
        }
    }

    private void CompareEl1(JsonElement expected)
    {
        ulong[] wanted = expected.TryGetProperty("el1", out JsonElement el1)
            ? [El2World.Number(el1.GetProperty("esr")), El2World.Number(el1.GetProperty("far")), El2World.Number(el1.GetProperty("elr")), El2World.Number(el1.GetProperty("spsr"))]
            : _el1;
        ulong[] actual = ReadEl1();
        for (int i = 0; i < s_el1.Length; i++)
        {
            Compare(s_el1[i].ToString(), wanted[i], i == 3 ? actual[i] & SpsrMask : actual[i]);
        }
    }

    private void CompareVectors(JsonElement vectors)
    {
        for (int i = 0; i < 32; i++)
        {
            string wanted = vectors.TryGetProperty(i.ToString(CultureInfo.InvariantCulture), out JsonElement value)
                ? value.GetString()![2..].PadLeft(32, '0')
                : string.Create(CultureInfo.InvariantCulture, $"{0x0101_0101_0101_0101UL * (ulong)((2 * i) + 2):x16}{0x0101_0101_0101_0101UL * (ulong)((2 * i) + 1):x16}");
            string actual = string.Create(CultureInfo.InvariantCulture, $"{_world.Cpu->V[(2 * i) + 1]:x16}{_world.Cpu->V[2 * i]:x16}");
            if (wanted != actual)
            {
                _difference.Append(CultureInfo.InvariantCulture, $"v{i} expected {wanted}, got {actual}; ");
            }
        }
    }

    private void CompareMemory(JsonElement expected)
    {
        SortedDictionary<ulong, ulong> actual = _world.MemoryDifference();
        var wanted = expected.EnumerateObject().ToDictionary(word => El2World.Number(word.Name), word => El2World.Number(word.Value));
        foreach (ulong pa in wanted.Keys.Union(actual.Keys).Order())
        {
            if (!wanted.TryGetValue(pa, out ulong value) || !actual.TryGetValue(pa, out ulong got) || value != got)
            {
                _difference.Append(CultureInfo.InvariantCulture, $"memory {pa:x} differs; ");
            }
        }
    }

    private void Compare(string name, ulong expected, ulong actual)
    {
        if (expected != actual)
        {
            _difference.Append(CultureInfo.InvariantCulture, $"{name} expected 0x{expected:x}, got 0x{actual:x}; ");
        }
    }

    private void Remember()
    {
        _x = _world.GeneralRegisters();
        _spEl0 = ProcessState.ReadSp(_world.Cpu, 0);
        _spEl1 = ProcessState.ReadSp(_world.Cpu, 1);
        _el1 = ReadEl1();
    }

    private ulong[] ReadEl1()
    {
        ref SystemState system = ref _world.Cpu->System;
        return [system.EsrEl1, system.FarEl1, system.ElrEl1, system.SpsrEl1];
    }
}
