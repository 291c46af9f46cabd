using System;
using System.Collections.Generic;
using HvIntrospect.Registers;

namespace HvIntrospect.Tests.Translation.Stage2;

/// <summary>Keeps system registers and records what was issued, as text.</summary>
internal sealed class RecordingEl2Operations : IEl2Operations
{
    private readonly Dictionary<SystemRegister, ulong> _registers = [];

    public List<string> Log { get; } = [];

    /// <summary>Gets or sets what sees each operation after it was recorded.</summary>
    public Action<string>? Issued { get; set; }

    /// <summary>Gets or sets a value indicating whether nothing is recorded, so that nothing is allocated.</summary>
    public bool IsSilent { get; set; }

    public ulong ReadSystemRegister(SystemRegister register) => _registers.GetValueOrDefault(register);

    public void WriteSystemRegister(SystemRegister register, ulong value)
    {
        _registers[register] = value;
        string name = register == SystemRegister.VttbrEl2 ? "VTTBR"
            : register == SystemRegister.VtcrEl2 ? "VTCR"
            : register == SystemRegister.HcrEl2 ? "HCR" : register.ToString();
        Add($"{name}=0x{value:x}");
    }

    public void Tlbi(TlbiOperation operation, ulong operand) =>
        Add(IsSilent ? string.Empty : operand == 0 && operation is TlbiOperation.Vmalle1Is or TlbiOperation.Vmalls12E1Is ? $"{operation}" : $"{operation} 0x{operand:x}");

    public void Dsb(BarrierOption option) => Add(IsSilent ? string.Empty : $"Dsb {option}");

    public void Isb() => Add("Isb");

    public void InvalidateInstructionCache(InstructionCacheOperation operation, Pa address) => Add(IsSilent ? string.Empty : $"Ic {operation} {address}");

    public void MaintainDataCache(DataCacheOperation operation, Pa address) => Add(IsSilent ? string.Empty : $"Dc {operation} {address}");

    public ulong TranslateAddress(AddressTranslationOperation operation, Va address)
    {
        Add($"At {operation} {address}");
        return 0;
    }

    public string Take()
    {
        string text = string.Join("; ", Log);
        Log.Clear();
        return text;
    }

    private void Add(string text)
    {
        if (IsSilent)
        {
            return;
        }

        Log.Add(text);
        Issued?.Invoke(text);
    }
}
