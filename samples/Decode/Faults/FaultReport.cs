using System.Collections.Generic;
using System.Globalization;
using HvIntrospect.A64;
using HvIntrospect.Registers;
using HvIntrospect.Samples.Decode.Words;

namespace HvIntrospect.Samples.Decode.Faults;

/// <summary>Explains an exception that a hypervisor has taken at EL2.</summary>
internal sealed class FaultReport
{
    private const int Page = 0x1000;

    private readonly List<(string Name, string Text)> _lines = [];
    private readonly Esr _esr;
    private readonly Va? _far;
    private readonly Hpfar? _hpfar;
    private readonly uint? _word;
    private readonly A64Decoder _decoder;
    private LoadStoreAccess _access;
    private LoadStoreStatus _status;

    /// <summary>Explains an exception.</summary>
    /// <param name="esr">ESR_EL2.</param>
    /// <param name="far">FAR_EL2, where it is known.</param>
    /// <param name="hpfar">HPFAR_EL2, where it is known.</param>
    /// <param name="word">The instruction word at ELR_EL2, where it is known.</param>
    /// <param name="decoder">The decoder.</param>
    public FaultReport(Esr esr, Va? far, Hpfar? hpfar, uint? word, A64Decoder decoder)
    {
        _esr = esr;
        _far = far;
        _hpfar = hpfar;
        _word = word;
        _decoder = decoder;
        Add("exception", $"EC 0x{(int)esr.Class:x2}: {ClassText.Of(esr.Class)}");
        if (esr.TryGetDataAbort(out DataAbortSyndrome data))
        {
            ExplainData(data);
        }
        else if (esr.TryGetInstructionAbort(out InstructionAbortSyndrome fetch))
        {
            ExplainFetch(fetch);
        }
        else
        {
            ExplainOther();
        }
    }

    /// <summary>Gets the explanation, a line a subject.</summary>
    public IReadOnlyList<(string Name, string Text)> Lines => _lines;

    private void Add(string name, string text) => _lines.Add((name, text));

    private void ExplainData(DataAbortSyndrome data)
    {
        Add("fault", $"DFSC 0x{data.Status.Code:x2}: {StatusText.Of(data.Status, data.IsStage1Walk)}");
        Add("direction", Direction(data));
        _status = _word is uint known ? _decoder.DecodeLoadStore(known, out _access) : LoadStoreStatus.NotLoadStore;
        Add("syndrome", Syndrome(data));
        AddAddresses(data.IsFarValid, data.Status, data.IsStage1Walk);
        AddInstruction(data.IsFarValid && !data.IsStage1Walk);
        if (Contradiction(data) is string contradiction)
        {
            Add("contradiction", contradiction + ": the word at ELR_EL2 is not the one that aborted, another vCPU may have rewritten it");
            Add("to do", "retry, a few times at most; what follows holds for the word and must not be done on its own account");
        }

        foreach (string step in Advice.ForData(_esr, data, _status, _access, _word))
        {
            Add("to do", step);
        }
    }

    private void ExplainFetch(InstructionAbortSyndrome fetch)
    {
        Add("fault", $"IFSC 0x{fetch.Status.Code:x2}: {StatusText.Of(fetch.Status, fetch.IsStage1Walk)}");
        Add("direction", "an instruction fetch");
        Add("syndrome", "none: an Instruction Abort has no instruction syndrome");
        AddAddresses(fetch.IsFarValid, fetch.Status, fetch.IsStage1Walk);
        foreach (string step in Advice.ForFetch(_esr, fetch))
        {
            Add("to do", step);
        }
    }

    private void ExplainOther()
    {
        Add("syndrome", $"ISS 0x{_esr.Iss:x}{Detail()}");
        if (_word is uint word)
        {
            Add("instruction", _decoder.Decode(word).ToString());
        }

        Add("to do", "this is no abort: FAR_EL2 and HPFAR_EL2 tell nothing of memory, and there is no access to perform");
    }

    private string Detail() =>
        _esr.TryGetSystemRegister(out SystemRegisterSyndrome system) ? $": {(system.IsRead ? "a read of " : "a write of ")}{system.Register}, {AddressText.General(system.Rt)}"
        : _esr.TryGetCall(out CallSyndrome call) ? $": immediate 0x{call.Immediate:x}"
        : _esr.TryGetBreakpointInstruction(out BreakpointInstructionSyndrome breakpoint) ? $": immediate 0x{breakpoint.Comment:x}"
        : string.Empty;

    private static string Direction(DataAbortSyndrome data) =>
        data.IsCacheMaintenance ? "CM=1: a cache maintenance or address translation instruction (WnR is 1 for these, whatever they do)"
        : data.Status.Kind is FaultKind.UnsupportedAtomicUpdate or FaultKind.UnsupportedExclusiveOrAtomic ? "WnR is UNKNOWN with this DFSC"
        : data.IsStage1Walk ? $"S1PTW=1: an access of the guest's table walk; WnR={(data.IsWrite ? "1: the walker wanted to update the descriptor" : "0: the walker read the descriptor")}"
        : data.IsWrite ? "WnR=1: a write, or an atomic that was allowed to read and not to write"
        : "WnR=0: a read, or an atomic that was not allowed to read";

    private string Syndrome(DataAbortSyndrome data)
    {
        if (data.TryGetInstructionSyndrome(out InstructionSyndrome known))
        {
            bool is64Bytes = _access.TotalSize > 8;
            string register = (known.Is64Bit ? "x" : "w") + (known.TransferRegister == 31 ? "zr" : known.TransferRegister.ToString(CultureInfo.InvariantCulture));
            string size = is64Bytes ? "64 bytes (SAS has no meaning)" : known.AccessSize == 1 ? "1 byte" : $"{known.AccessSize} bytes";
            string extension = known.SignExtend ? ", sign-extended" : string.Empty;
            string order = known.AcquireRelease ? ", acquire or release" : string.Empty;
            return $"ISV=1: {size}, {register}{extension}{order} (a hint that the opcode must confirm)";
        }

        string reason = data.IsStage1Walk ? "the access is the table walker's and not the instruction's"
            : data.IsCacheMaintenance ? "a cache maintenance instruction moves no register"
            : _word is uint word && SystemOperation.Of(word).IsWrite ? Silence.SystemInstruction.Text
            : _status is LoadStoreStatus.Valid or LoadStoreStatus.ConstrainedUnpredictable
                ? Silence.Of(_access)?.Text ?? (!StatusText.IsStage2(data.Status) ? "it is reported for Stage 2 faults only" : "the implementation left it out, which is always allowed")
            : _word is null ? "only the instruction tells why: give its word"
            : "the word is no load or store of the general-purpose registers";
        return $"ISV=0: nothing is said of the size, the register or the extension, because {reason}";
    }

    private void AddAddresses(bool isFarValid, FaultStatus status, bool isWalk)
    {
        Add("virtual address", !isFarValid ? "FnV=1: FAR_EL2 is not valid"
            : _far is not Va far ? "FAR_EL2 is not given"
            : isWalk ? $"{far}, the address that the guest's walk was translating"
            : $"{far}, the first byte that faulted: of an access over two pages it may be the second page's first byte");
        Add("physical address", PhysicalAddress(isFarValid, status, isWalk));
    }

    private string PhysicalAddress(bool isFarValid, FaultStatus status, bool isWalk)
    {
        if (!Hpfar.IsValidFor(_esr))
        {
            return status.Kind == FaultKind.Permission
                ? "HPFAR_EL2 is UNKNOWN after a Permission fault that is not on a walk: translate FAR_EL2 through the guest's Stage 1"
                : "HPFAR_EL2 is UNKNOWN after this fault";
        }

        if (_hpfar is not Hpfar hpfar)
        {
            return "HPFAR_EL2 is not given";
        }

        return isWalk ? $"IPA {hpfar.Page}: the page of the table; which descriptor in it, only a walk of FAR_EL2 tells"
            : isFarValid && _far is Va far ? $"IPA {new Ipa(hpfar.Page.Value | far.OffsetIn(Page))}: the page from HPFAR_EL2, the offset in it from FAR_EL2"
            : $"IPA {hpfar.Page}: the page from HPFAR_EL2";
    }

    private void AddInstruction(bool isFarOfAccess)
    {
        if (_word is not uint word)
        {
            return;
        }

        if (_status is not (LoadStoreStatus.Valid or LoadStoreStatus.ConstrainedUnpredictable))
        {
            SystemOperation operation = SystemOperation.Of(word);
            Add("instruction", $"{word:x8}  {_decoder.Decode(word)}");
            Add("access", operation.IsWrite ? "writes the whole block that DCZID_EL0 gives the size of, around an address that need not be aligned"
                : operation.Memory.IsEmpty ? "none that a load/store decoder knows: the word has been rewritten, or it is an SVE or SME access"
                : "none of its own");
            return;
        }

        Add("instruction", $"{word:x8}  {_access}");
        string writeback = AddressText.Writeback(_access) is string change ? "; then " + change : string.Empty;
        Add("access", _access.Kind == LoadStoreKind.Prefetch ? AddressText.Effect(_access) : $"{AddressText.Effect(_access)} at {AddressText.Of(_access)}{writeback}");
        bool hasConstantOffset = _access.AddressingMode
            is AddressingMode.Base or AddressingMode.Offset or AddressingMode.Unscaled or AddressingMode.PreIndexed or AddressingMode.PostIndexed or AddressingMode.PostIndexedByRegister;
        if (isFarOfAccess && hasConstantOffset && _far is Va far && _access.TotalSize != 0)
        {
            int offset = _access.AddressingMode is AddressingMode.PostIndexed or AddressingMode.PostIndexedByRegister ? 0 : _access.Immediate;
            string after = _access.AddressingMode is AddressingMode.PreIndexed or AddressingMode.PostIndexed && _access.PointerAuthenticationKey == PointerAuthenticationKey.None
                ? $", and {new Va(unchecked(far.Value - (ulong)(long)offset + (ulong)(long)_access.Immediate))} after it"
                : string.Empty;
            Add("base", $"{AddressText.Base(_access.Rn)} was {new Va(unchecked(far.Value - (ulong)(long)offset))} if the access faulted at its first byte{after}");
        }

        if (_access.Unpredictable != ConstrainedUnpredictable.None)
        {
            Add("unpredictable", "CONSTRAINED UNPREDICTABLE: " + System.Text.Encoding.ASCII.GetString(AccessFields.ReasonsOf(_access.Unpredictable)));
        }
    }

    /// <summary>Finds what the syndrome says otherwise than the instruction.</summary>
    private string? Contradiction(DataAbortSyndrome data)
    {
        bool isLoadStore = _status is LoadStoreStatus.Valid or LoadStoreStatus.ConstrainedUnpredictable;
        bool isBlockWrite = _word is uint word && SystemOperation.Of(word).IsWrite;
        if (data.IsStage1Walk || !(isLoadStore || isBlockWrite))
        {
            return null;
        }

        if (data.IsCacheMaintenance)
        {
            return "CM says cache maintenance or address translation, the word is a load or store";
        }

        bool hasDirection = data.Status.Kind is not (FaultKind.UnsupportedAtomicUpdate or FaultKind.UnsupportedExclusiveOrAtomic);
        if (isBlockWrite)
        {
            return hasDirection && !data.IsWrite ? "WnR says a read, the word writes" : null;
        }

        string? field = _access.Kind == LoadStoreKind.Prefetch ? "a prefetch never aborts"
            : hasDirection && _access.Kind == LoadStoreKind.Load && data.IsWrite ? "WnR says a write, the word is a load"
            : hasDirection && _access.Kind == LoadStoreKind.Store && !data.IsWrite ? "WnR says a read, the word is a store"
            : null;
        if (field is null && data.TryGetInstructionSyndrome(out InstructionSyndrome known))
        {
            field = !_access.MayReportSyndrome ? "ISV is 1, and the architecture never sets it for this word"
                : _access.TotalSize <= 8 && known.AccessSize != _access.ElementSize ? $"SAS says {known.AccessSize} bytes, the word accesses {_access.ElementSize}"
                : known.TransferRegister != _access.Rt ? $"SRT says register {known.TransferRegister}, the word names {_access.Rt}"
                : known.SignExtend != _access.SignExtends ? "SSE and the word differ in the sign extension"
                : known.Is64Bit != (_access.RegisterBits == 64) ? "SF and the word differ in the register's width"
                : null;
        }

        return field;
    }
}
