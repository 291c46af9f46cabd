using System.Collections.Generic;
using System.Globalization;
using HvIntrospect.A64;
using HvIntrospect.Registers;
using HvIntrospect.Tooling.Symbols;

namespace HvIntrospect.Samples.WatchIpa;

/// <summary>Puts a stopped vCPU into words.</summary>
internal sealed class GuestState
{
    private const int RegistersInRow = 4;

    private readonly IVcpu _vcpu;
    private readonly GuestCode _code;
    private readonly SymbolTable _symbols;

    public GuestState(IVcpu vcpu, GuestCode code, SymbolTable symbols)
    {
        _vcpu = vcpu;
        _code = code;
        _symbols = symbols;
    }

    /// <summary>Describes the state.</summary>
    /// <param name="lastException">The last exception that the guest took to the hypervisor, or null.</param>
    /// <returns>Names and values.</returns>
    public IEnumerable<(string Name, string Value)> Describe(VcpuExit? lastException)
    {
        CoreRegisters core = _vcpu.Core;
        ExceptionRegisters exception = _vcpu.Exception;
        yield return ("PC", Place(core.Pc));
        yield return ("instruction", _code.Read(_vcpu, core.Pc) is uint word ? A64Decoder.Default.Decode(word).ToString() : "no memory is mapped there");
        yield return ("PSTATE", $"{core.Pstate} (EL{core.Pstate.ExceptionLevel}{(core.Pstate.I ? ", interrupts masked" : string.Empty)})");
        yield return ("ESR_EL1", Syndrome(exception.EsrEl1));
        yield return ("ELR_EL1", Place(new Va(exception.ElrEl1)));
        yield return ("FAR_EL1", Place(new Va(exception.FarEl1)));
        yield return ("SPSR_EL1", exception.SpsrEl1.ToString());
        yield return ("VBAR_EL1", Place(new Va(exception.VbarEl1)));
        yield return ("SCTLR_EL1", Hex(_vcpu.Translation.SctlrEl1) + (new Sctlr(_vcpu.Translation.SctlrEl1).Has(SctlrBits.M) ? " (MMU on)" : " (MMU off)"));
        if (lastException is VcpuExit exit)
        {
            yield return ("last exit", Describe(exit));
        }

        for (int first = 0; first < CoreRegisters.GeneralCount - 1; first += RegistersInRow)
        {
            yield return (string.Create(CultureInfo.InvariantCulture, $"X{first}"), Row(core, first));
        }

        yield return ("X30", Place(new Va(core[CoreRegisters.GeneralCount - 1])));
        yield return ("SP", Hex(core.Sp));
    }

    private static string Row(in CoreRegisters core, int first)
    {
        var row = new List<string>(RegistersInRow);
        for (int index = first; index < first + RegistersInRow && index < CoreRegisters.GeneralCount - 1; index++)
        {
            row.Add("0x" + core[index].ToString("x16", CultureInfo.InvariantCulture));
        }

        return string.Join("  ", row);
    }

    private static string Describe(in VcpuExit exit)
    {
        string text = Syndrome(exit.Esr);
        if (exit.HasFar)
        {
            text += ", FAR " + exit.Far;
        }

        return exit.TryGetIpa(out Ipa ipa) ? text + ", IPA " + ipa : text;
    }

    private static string Syndrome(Esr esr)
    {
        if (esr.Value == 0)
        {
            return "0x0";
        }

        string text = Hex(esr.Value) + " (" + (esr.Class == ExceptionClass.Unknown ? "undefined instruction" : esr.Class.ToString());
        if (esr.TryGetDataAbort(out DataAbortSyndrome data))
        {
            text += ": " + data.Status + (data.IsWrite ? ", write" : ", read");
        }
        else if (esr.TryGetInstructionAbort(out InstructionAbortSyndrome fetch))
        {
            text += ": " + fetch.Status;
        }

        return text + ")";
    }

    private static string Hex(ulong value) => "0x" + value.ToString("x", CultureInfo.InvariantCulture);

    private string Place(Va address) => _symbols.Format(address) is string name ? address + " " + name : address.ToString();
}
