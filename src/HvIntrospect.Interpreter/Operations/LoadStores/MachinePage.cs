using HvIntrospect.Interpreter.Memory;
using HvIntrospect.Interpreter.Mmu;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.LoadStores;

/// <summary>A page that the reference semantics access.</summary>
internal unsafe struct MachinePage
{
    /// <summary>The host address of the page's first byte; null when nothing answers at its physical address.</summary>
    public byte* Host;

    /// <summary>The physical address of the page.</summary>
    public ulong Pa;

    /// <summary>The intermediate physical address of the page.</summary>
    public ulong Ipa;

    /// <summary>True when the memory type is Device; also valid with a Permission fault.</summary>
    public bool IsDevice;

    /// <summary>True when the memory type is Device because of Stage 2 alone.</summary>
    public bool IsStage2Device;

    /// <summary>True when the memory has Allocation Tags.</summary>
    public bool IsTagged;

    /// <summary>Finds the page of an address and checks the permissions, those of the inline access filter among them.</summary>
    /// <param name="cpu">The vCPU.</param>
    /// <param name="va">The address.</param>
    /// <param name="kind">A read, a write or both.</param>
    /// <param name="el">The Exception level whose permissions count.</param>
    /// <param name="page">The page.</param>
    /// <param name="fault">The fault.</param>
    /// <returns>False for a fault.</returns>
    public static bool TryFind(CpuState* cpu, ulong va, AccessKind kind, int el, out MachinePage page, out FaultRecord fault)
    {
        const ulong Offset = PhysicalMemory.PageSize - 1;
        DataTlbEntry* entry = DataTlbEntry.Of(el == 0 ? cpu->DataTlbEl0 : cpu->DataTlbEl1, va);
        DataPageFlags needed = kind switch
        {
            AccessKind.Read => DataPageFlags.Read,
            AccessKind.Write => DataPageFlags.Write,
            _ => DataPageFlags.Read | DataPageFlags.Write,
        } | DataPageFlags.Ram;
        page = default;
        fault = default;
        if (entry->PageTag == (va & ~Offset) && (entry->Flags & (needed | DataPageFlags.FilterRead | DataPageFlags.FilterWrite)) == needed)
        {
            page.Host = (byte*)((va & ~Offset) + entry->Addend);
            page.Pa = entry->Pa;
            page.Ipa = entry->Ipa;
            page.IsTagged = (entry->Flags & DataPageFlags.Tagged) != 0;
            page.IsDevice = (entry->Flags & DataPageFlags.Device) != 0;
            page.IsStage2Device = (entry->Flags & DataPageFlags.Stage2Device) != 0;
            return true;
        }

        Processor processor = Processor.Of(cpu);
        processor.Translator.Translate(cpu, va, kind, el, out TranslationResult result);
        page.IsTagged = result.IsTagged;
        page.IsDevice = result.IsDevice;
        page.IsStage2Device = result.IsStage2Device;
        if (!result.IsMapped)
        {
            fault = result.Fault;
            return false;
        }

        page.Pa = result.Pa & ~Offset;
        page.Ipa = result.Ipa & ~Offset;
        page.Host = processor.Memory.TryGetPage(result.Pa, out RamPage ram) ? ram.Host : null;
        return true;
    }
}
