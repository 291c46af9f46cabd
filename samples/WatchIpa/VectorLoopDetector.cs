using System;
using HvIntrospect.A64;
using HvIntrospect.Exceptions;

namespace HvIntrospect.Samples.WatchIpa;

/// <summary>Notices a guest that faults in its own exception vectors and so never leaves them.</summary>
/// <remarks>
/// <para>Such a guest makes no exit, so a run would never end. Now and then, while all interrupts are masked, a few instructions are executed one by one. The guest
/// is stuck when an exception handler takes an exception in a state in which it has taken one before, with nothing in between that lasts; or when it faults
/// over and over at one instruction that uses the stack: handlers push before anything else, and each turn moves a broken stack pointer a bit further.</para>
/// <para>A guest that merely loops, or that returns from its handler to what faulted, is not stuck in this sense: the user may have a reason to let it run.</para>
/// </remarks>
internal sealed class VectorLoopDetector
{
    private const ulong InstructionsBetweenSamples = 1 << 20;
    private const int ExitsBetweenSamples = 1 << 12;
    private const int QuietLength = 256;
    private const int SampleLength = 1 << 14;
    private const int StackFaults = 64;
    private const int StackPointer = 31;
    private const int StateLength = 40 + (2 * VectorRegisters.Count);

    private readonly IVcpu _vcpu;
    private readonly GuestCode _code;
    private readonly ulong[] _lastState = new ulong[StateLength];
    private readonly ulong[] _state = new ulong[StateLength];
    private int _exits;
    private int _remaining;
    private int _quiet;
    private Va _pc;
    private bool _hasLastState;
    private bool _leavesTraces;
    private Va _stackFault;
    private int _stackFaults;

    public VectorLoopDetector(IVcpu vcpu, GuestCode code)
    {
        _vcpu = vcpu;
        _code = code;
    }

    /// <summary>Gets how many instructions may be executed until <see cref="IsStuck"/> is asked.</summary>
    public ulong SliceLength => _remaining != 0 ? 1 : InstructionsBetweenSamples;

    /// <summary>Looks at the guest after a slice, or after an exit that has been decided.</summary>
    /// <param name="wasExit">True when an exit ended the slice.</param>
    /// <returns>True when the guest will never leave its vectors.</returns>
    public bool IsStuck(bool wasExit)
    {
        if (_remaining != 0)
        {
            return Sample();
        }

        if (!wasExit || ++_exits == ExitsBetweenSamples)
        {
            _exits = 0;
            Begin();
        }

        return false;
    }

    private void Begin()
    {
        ref readonly CoreRegisters core = ref _vcpu.Core;
        if (core.Pstate.ExceptionLevel == 1 && core.Pstate.I && core.Pstate.F && _vcpu.Exception.SpsrEl1.ExceptionLevel == 1)
        {
            _remaining = SampleLength;
            _quiet = QuietLength;
            _pc = core.Pc;
            _hasLastState = false;
            _leavesTraces = false;
            _stackFaults = 0;
        }
    }

    private bool Sample()
    {
        Va executed = _pc;
        ref readonly CoreRegisters core = ref _vcpu.Core;
        ref readonly ExceptionRegisters exception = ref _vcpu.Exception;
        _pc = core.Pc;
        _remaining--;
        bool hasFaulted = exception.ElrEl1 == executed.Value && exception.SpsrEl1.ExceptionLevel == 1
            && core.Pc == ExceptionEntry.VectorOf(exception.VbarEl1, exception.SpsrEl1, El1ExceptionKind.Synchronous);
        if (hasFaulted)
        {
            _quiet = QuietLength;
            return IsStuckAt(executed);
        }

        uint? word = _code.Read(_vcpu, executed);
        _leavesTraces |= word is not uint known || LeavesTraces(known);
        if (--_quiet == 0 || word is uint returned && IsReturn(returned))
        {
            _remaining = 0;
        }

        return false;
    }

    private bool IsStuckAt(Va fault)
    {
        ReadState();
        if (_hasLastState && !_leavesTraces && _state.AsSpan().SequenceEqual(_lastState))
        {
            return true;
        }

        _state.CopyTo(_lastState, 0);
        _hasLastState = true;
        _leavesTraces = false;
        bool usesStack = _code.Read(_vcpu, fault) is uint word
            && A64Decoder.Default.TryDecodeLoadStore(word, out LoadStoreAccess access) && access.Rn == StackPointer;
        _stackFaults = usesStack && fault == _stackFault ? _stackFaults + 1 : 0;
        _stackFault = fault;
        return _stackFaults == StackFaults;
    }

    private void ReadState()
    {
        ref readonly CoreRegisters core = ref _vcpu.Core;
        ref readonly ExceptionRegisters exception = ref _vcpu.Exception;
        ref readonly VectorRegisters vector = ref _vcpu.Vector;
        int next = 0;
        for (int index = 0; index < CoreRegisters.GeneralCount; index++)
        {
            _state[next++] = core[index];
        }

        foreach (ulong value in (ReadOnlySpan<ulong>)[
            core.SpEl0, core.SpEl1, core.Pstate.Value, exception.VbarEl1, exception.ElrEl1, exception.SpsrEl1.Value, exception.EsrEl1.Value, exception.FarEl1,
            (ulong)vector.Fpcr << 32 | vector.Fpsr])
        {
            _state[next++] = value;
        }

        for (int index = 0; index < VectorRegisters.Count; index++)
        {
            _state[next++] = vector[index].Low;
            _state[next++] = vector[index].High;
        }
    }

    private static bool IsReturn(uint word) => word == 0xD69F_03E0;

    /// <summary>Tells whether an instruction changes more than the registers that are compared.</summary>
    private static bool LeavesTraces(uint word)
    {
        A64Instruction instruction = A64Decoder.Default.Decode(word);
        switch (instruction.Group)
        {
            case EncodingGroup.DataProcessingImmediate or EncodingGroup.DataProcessingRegister or EncodingGroup.FloatingPointSimd:
                return false;
            case EncodingGroup.LoadStores:
                A64Decoder.Default.DecodeLoadStore(word, out LoadStoreAccess access);
                return access.Kind is not (LoadStoreKind.Load or LoadStoreKind.Prefetch);
            case EncodingGroup.BranchesSystem:
                // Hints and barriers, and MRS, change nothing; other system instructions and calls do.
                bool isCall = word >> 24 == 0xD4;
                bool isSystem = word >> 22 == 0x354;
                bool isHarmless = word >> 13 == 0xD503_2000 >> 13 || word >> 20 == 0xD53;
                return isCall || (isSystem && !isHarmless);
            default:
                return true;
        }
    }
}
