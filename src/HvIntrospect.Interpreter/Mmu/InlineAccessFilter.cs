using System;
using System.Collections.Generic;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.Memory;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Mmu;

/// <summary>What is denied to the guest on top of Stage 2, and who decides the plain accesses among the denied ones.</summary>
internal sealed unsafe class InlineAccessFilter : IInlineAccessFilter
{
    private readonly List<Processor> _processors = [];

    // Sorted by address, without overlaps.
    private readonly List<Denial> _denials = [];
    private IInlineAccessHandler? _handler;

    /// <summary>Adds a vCPU that is subject to the filter.</summary>
    /// <param name="processor">Its engine.</param>
    public void Add(Processor processor) => _processors.Add(processor);

    /// <summary>Gets what is denied at an address.</summary>
    /// <param name="ipa">The IPA.</param>
    /// <returns>The denied accesses.</returns>
    public Stage2Access DeniedAt(ulong ipa)
    {
        int low = 0;
        int high = _denials.Count - 1;
        while (low <= high)
        {
            int middle = (low + high) >> 1;
            Denial denial = _denials[middle];
            if (ipa < denial.First)
            {
                high = middle - 1;
            }
            else if (ipa > denial.Last)
            {
                low = middle + 1;
            }
            else
            {
                return denial.Access;
            }
        }

        return Stage2Access.None;
    }

    /// <inheritdoc/>
    public void SetHandler(IInlineAccessHandler? handler) => _handler = handler;

    /// <inheritdoc/>
    public void Deny(IpaRange range, Stage2Access denied)
    {
        if (range.Length == 0 || range.Start.OffsetIn(PhysicalMemory.PageSize) != 0 || (range.Length & (PhysicalMemory.PageSize - 1)) != 0)
        {
            throw new ArgumentException("The range is not aligned to 4096 bytes at both ends.", nameof(range));
        }

        Replace(new Denial(range.Start.Value, range.Last.Value, denied & Stage2Access.All));
        foreach (Processor processor in _processors)
        {
            FastTlb.Flush(processor.State);
        }
    }

    /// <summary>Lets the handler decide an access that is denied.</summary>
    /// <param name="cpu">The vCPU.</param>
    /// <param name="operation">The instruction.</param>
    /// <param name="access">The access; one aligned element.</param>
    /// <param name="resolved">Where it lies.</param>
    /// <param name="value">For a load the bytes in memory, for a store the bytes to write; changed when the handler replaces them.</param>
    /// <param name="fault">Receives the fault.</param>
    /// <returns>What becomes of the access. A store is not performed here.</returns>
    public AccessOutcome Decide(
        CpuState* cpu, Operation* operation, in DataAccess access, in ResolvedAccess resolved, ref ulong value, ref FaultRecord fault)
    {
        if (_handler is not null)
        {
            ulong old = 0;
            resolved.Read(new Span<byte>(&old, access.Length));
            var offer = new InlineAccess
            {
                Pc = new Va(Flow.Pc(cpu, operation)),
                Va = new Va(access.Va),
                Ipa = new Ipa(resolved.Ipa),
                Opcode = operation->Word,
                Size = access.Length,
                IsWrite = access.IsWrite,
                OldData = old,
                NewData = access.IsWrite ? value & (ulong.MaxValue >> (64 - (8 * access.Length))) : old,
            };
            switch (Processor.Of(cpu).Offer(_handler, operation, ref offer))
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
        if ((DeniedAt(resolved.Ipa) & (access.IsWrite ? Stage2Access.Write : Stage2Access.Read)) == Stage2Access.None)
        {
            return AccessOutcome.Done;
        }

        fault = FaultRecord.Denied(access.Va, resolved.Ipa, access.IsWrite);
        return AccessOutcome.Faulted;
    }

    private void Replace(Denial added)
    {
        for (int i = _denials.Count - 1; i >= 0; i--)
        {
            Denial old = _denials[i];
            if (old.First > added.Last || old.Last < added.First)
            {
                continue;
            }

            _denials.RemoveAt(i);
            if (old.Last > added.Last)
            {
                _denials.Insert(i, old with { First = added.Last + 1 });
            }

            if (old.First < added.First)
            {
                _denials.Insert(i, old with { Last = added.First - 1 });
            }
        }

        if (added.Access != Stage2Access.None)
        {
            int at = _denials.FindIndex(denial => denial.First > added.First);
            _denials.Insert(at < 0 ? _denials.Count : at, added);
        }
    }

    private readonly record struct Denial(ulong First, ulong Last, Stage2Access Access);
}
