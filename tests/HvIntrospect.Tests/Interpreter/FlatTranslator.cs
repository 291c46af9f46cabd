using System.Collections.Generic;
using HvIntrospect.Interpreter.Mmu;
using HvIntrospect.Interpreter.State;
using HvIntrospect.Registers;

namespace HvIntrospect.Tests.Interpreter;

/// <summary>A translation without tables: VA, IPA and PA differ by constants, and pages can be given less than everything.</summary>
internal sealed unsafe class FlatTranslator : ITranslator
{
    public const ulong IpaOffset = 0x1_0000_0000;
    public const ulong PaOffset = 0x10_0000_0000;
    private readonly Dictionary<ulong, Stage2Access> _permitted = [];
    private readonly HashSet<ulong> _device = [];
    private readonly Dictionary<ulong, ulong> _moved = [];
    private readonly InlineAccessFilter _filter;

    public FlatTranslator(InlineAccessFilter filter)
    {
        _filter = filter;
    }

    public int Count { get; private set; }

    public void Permit(ulong page, Stage2Access access) => _permitted[page] = access;

    /// <summary>Lets a page lie where another one lies, without telling anybody.</summary>
    public void Move(ulong page, ulong to) => _moved[page] = to;

    public void MakeDevice(ulong page) => _device.Add(page);

    public void Translate(CpuState* cpu, ulong va, AccessKind kind, int el, out TranslationResult result)
    {
        Count++;
        result = default;
        ulong place = _moved.GetValueOrDefault(va & ~0xFFFUL, va & ~0xFFFUL) | (va & 0xFFF);
        result.Ipa = place + IpaOffset;
        result.Pa = place + PaOffset;
        result.IsDevice = _device.Contains(va & ~0xFFFUL);
        Stage2Access stage2 = _permitted.GetValueOrDefault(va & ~0xFFFUL, Stage2Access.All);
        Stage2Access denied = _filter.DeniedAt(result.Ipa);
        Stage2Access wanted = kind switch
        {
            AccessKind.Fetch => Stage2Access.Execute,
            AccessKind.Read => Stage2Access.Read,
            _ => Stage2Access.Write,
        };
        result.Permitted = stage2 & ~denied;
        result.IsMapped = (result.Permitted & wanted) != 0;
        result.Fault = new FaultRecord
        {
            Status = FaultStatus.Create(FaultKind.Permission, 3),
            IsStage2 = true,
            IsWrite = kind == AccessKind.Write,
            IsInlineDenial = !result.IsMapped && (stage2 & wanted) != 0,
            Va = va,
            Ipa = result.Ipa,
        };
    }

    public void Speculate(CpuState* cpu, ulong va)
    {
    }

    public Par TranslateForAt(CpuState* cpu, ulong va, bool isWrite, int el, bool bothStages, bool pan, out FaultRecord fault)
    {
        fault = default;
        return Par.FromTranslation(va + (bothStages ? PaOffset : IpaOffset), 0xFF, 3);
    }
}
