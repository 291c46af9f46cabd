using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.Memory;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Mmu;

/// <summary>What is denied to the guest on top of Stage 2, and who decides the plain accesses among the denied ones.</summary>
internal sealed unsafe class InlineAccessFilter : IInlineAccessFilter
{
    private readonly List<Processor> _processors = [];
    private readonly PauseGate _gate;

    // Sorted by address, without overlaps.
    private readonly List<Denial> _denials = [];
    private IInlineAccessHandler? _handler;

    /// <summary>Initialises a filter that denies nothing.</summary>
    /// <param name="gate">Stops the vCPUs while something changes, or null for one of its own, where one thread does everything.</param>
    public InlineAccessFilter(PauseGate? gate = null)
    {
        _gate = gate ?? new PauseGate();
    }

    /// <summary>Adds a vCPU that is subject to the filter.</summary>
    /// <param name="processor">Its engine.</param>
    public void Add(Processor processor) => _processors.Add(processor);

    /// <summary>Gets what is denied at an address.</summary>
    /// <param name="ipa">The IPA.</param>
    /// <returns>The denied accesses.</returns>
    public Stage2Access DeniedAt(ulong ipa)
    {
        int index = FirstEndingAt(ipa);
        return index < _denials.Count && _denials[index].First <= ipa ? _denials[index].Access : Stage2Access.None;
    }

    /// <inheritdoc/>
    public void SetHandler(IInlineAccessHandler? handler)
    {
        // Nothing is offered to the old handler any more when this returns.
        using (_gate.BeginChange())
        {
            _handler = handler;
        }
    }

    /// <inheritdoc/>
    public void Deny(IpaRange range, Stage2Access denied)
    {
        if (range.Length == 0 || range.Start.OffsetIn(PhysicalMemory.PageSize) != 0 || (range.Length & (PhysicalMemory.PageSize - 1)) != 0)
        {
            throw new ArgumentException("The range is not aligned to 4096 bytes at both ends.", nameof(range));
        }

        using (_gate.BeginChange())
        {
            Replace(new Denial(range.Start.Value, range.Last.Value, denied & Stage2Access.All));
            foreach (Processor processor in _processors)
            {
                FastTlb.Flush(processor.State);
            }
        }
    }

    /// <summary>Tells whether a denied access is performed at once.</summary>
    /// <param name="processor">The vCPU's engine.</param>
    /// <param name="ipa">The IPA of its first byte.</param>
    /// <param name="access">The access; one aligned element.</param>
    /// <returns>False when it is to be offered.</returns>
    public bool Passes(Processor processor, ulong ipa, in DataAccess access) =>
        _handler is not null && _handler.Passes(processor.Settings.Index, new Ipa(ipa), access.Length, access.IsWrite);

    /// <summary>Lets the handler decide a denied access that does not pass.</summary>
    /// <param name="processor">The vCPU's engine.</param>
    /// <param name="operation">The instruction.</param>
    /// <param name="access">The access; one aligned element.</param>
    /// <param name="ipa">The IPA of its first byte.</param>
    /// <param name="old">The bytes in memory.</param>
    /// <param name="value">For a load the bytes in memory, for a store the bytes to write; changed when the handler replaces them.</param>
    /// <param name="fault">Receives the fault.</param>
    /// <returns>What becomes of the access. A store is not performed here.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public AccessOutcome Offer(
        Processor processor, Operation* operation, in DataAccess access, ulong ipa, ulong old, ref ulong value, out FaultRecord fault)
    {
        fault = default;
        if (_handler is not null)
        {
            var offer = new InlineAccess
            {
                Pc = new Va(Flow.Pc(processor.State, operation)),
                Va = new Va(access.Va),
                Ipa = new Ipa(ipa),
                Opcode = operation->Word,
                Size = access.Length,
                IsWrite = access.IsWrite,
                OldData = old,
                NewData = access.IsWrite ? value & (ulong.MaxValue >> (64 - (8 * access.Length))) : old,
            };
            switch (processor.Offer(_handler, operation, ref offer))
            {
                case InlineAccessDecision.Perform:
                    return AccessOutcome.Done;
                case InlineAccessDecision.Replace:
                    value = offer.NewData;
                    return AccessOutcome.Done;
                case InlineAccessDecision.Skip:
                    return AccessOutcome.Skipped;
                default:
                    break;
            }
        }

        // The handler may have ended the denial meanwhile; then the access is performed.
        if ((DeniedAt(ipa) & (access.IsWrite ? Stage2Access.Write : Stage2Access.Read)) == Stage2Access.None)
        {
            return AccessOutcome.Done;
        }

        fault = FaultRecord.Denied(access.Va, ipa, access.IsWrite);
        return AccessOutcome.Faulted;
    }

    private void Replace(Denial added)
    {
        int first = FirstEndingAt(added.First);
        int beyond = first;
        while (beyond < _denials.Count && _denials[beyond].First <= added.Last)
        {
            beyond++;
        }

        int at = first;
        if (beyond != first)
        {
            Denial lowest = _denials[first];
            Denial highest = _denials[beyond - 1];
            _denials.RemoveRange(first, beyond - first);
            if (lowest.First < added.First)
            {
                _denials.Insert(at++, lowest with { Last = added.First - 1 });
            }

            if (highest.Last > added.Last)
            {
                _denials.Insert(at, highest with { First = added.Last + 1 });
            }
        }

        if (added.Access != Stage2Access.None)
        {
            _denials.Insert(at, added);
        }
    }

    /// <summary>Finds the first denial whose last byte is not below an address.</summary>
    private int FirstEndingAt(ulong ipa)
    {
        int low = 0;
        int high = _denials.Count;
        while (low < high)
        {
            int middle = (low + high) >> 1;
            if (_denials[middle].Last < ipa)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    private readonly record struct Denial(ulong First, ulong Last, Stage2Access Access);
}
