using System;
using System.Buffers.Binary;
using HvIntrospect.LoadStores;
using HvIntrospect.Registers;
using HvIntrospect.Watchpoints;

namespace HvIntrospect.Introspection;

/// <summary>Asks the handlers of watches about the elements of an access, and makes one answer of theirs.</summary>
internal sealed class WatchInquiry
{
    private const int LastLevel = 3;
    private const int LargestElement = 64;

    private readonly Services _services;
    private readonly CurrentAccess _current;

    /// <summary>Makes the inquiry of a vCPU.</summary>
    /// <param name="current">The vCPU's access.</param>
    public WatchInquiry(CurrentAccess current)
    {
        _services = current.Services;
        _current = current;
    }

    /// <summary>Tells watches of an access that is not performed here.</summary>
    /// <param name="vcpu">The vCPU.</param>
    /// <param name="asked">The access, as far as it is known.</param>
    /// <returns>False when it must not be made: then it is refused.</returns>
    public bool TryAsk(IVcpu vcpu, in UnsupportedAccess asked)
    {
        _current.Begin(vcpu, asked.Word);
        var access = new WatchedAccess
        {
            Pc = _current.Pc,
            Va = asked.Va,
            Ipa = asked.Ipa,
            Size = asked.Size,
            FirstSize = asked.Size,
            Opcode = asked.Word,
            Kind = asked.Kinds,
            IsExact = asked.Data.HasValue,
        };
        _current.Record.Bind(asked.Ipa, 0, isWrite: false);
        ref WatchDecision decision = ref _current.Record.Decision(0);
        try
        {
            if (_services.Watches.IsWatched(access))
            {
                Span<byte> bytes = stackalloc byte[sizeof(ulong)];
                BinaryPrimitives.WriteUInt64LittleEndian(bytes, asked.Data.GetValueOrDefault());
                ReadOnlySpan<byte> value = bytes.Slice(0, asked.Data.HasValue ? asked.Size : 0);
                _current.State.Counters.Events += _services.Watches.Ask(vcpu, access, value, value, _current.Record.Decisions(0, 1));
            }

            return MayBeMade(access, ref decision);
        }
        finally
        {
            _current.End();
        }
    }

    /// <summary>Asks about every element of an access that is about to be performed; those that have been answered are not asked about again.</summary>
    /// <param name="kind">What the access does.</param>
    /// <param name="elements">The elements: what was read, or what is to be written.</param>
    /// <param name="old">What is overwritten; empty for a load.</param>
    /// <returns>Whether it is performed.</returns>
    public LoadStoreAnswer Ask(WatchKinds kind, ReadOnlySpan<LoadStoreElement> elements, ReadOnlySpan<ulong> old)
    {
        bool stops = false;
        var highest = WatchResponseKind.Continue;
        int highestAt = 0;
        for (int i = 0; i < elements.Length; i += 1 + elements[i].Followers)
        {
            ref readonly LoadStoreElement element = ref elements[i];
            ref readonly WatchDecision decision = ref _current.Record.Decision(i);
            int parts = 1 + element.Followers;
            int size = parts * element.Size;
            var access = new WatchedAccess
            {
                Pc = _current.Pc,
                Va = element.Va,
                Ipa = element.Ipa,
                SecondIpa = element.SecondIpa,
                Size = size,
                FirstSize = element.CrossesPage ? element.FirstSize : size,
                Opcode = _current.Opcode,
                Kind = kind,
                IsExact = true,
            };
            if (_services.Watches.IsWatched(access))
            {
                Ask(access, elements.Slice(i, parts), old.IsEmpty ? old : old.Slice(i, parts), _current.Record.Decisions(i, parts));
            }

            stops |= decision.Stops;
            if (decision.Kind > highest)
            {
                highest = decision.Kind;
                highestAt = i;
            }
        }

        if (stops)
        {
            for (int i = 0; i < elements.Length; i++)
            {
                _current.Record.Decision(i).ClearStop();
            }

            _current.Refuse(Refusal.StopByWatch);
            return LoadStoreAnswer.Refused;
        }

        switch (highest)
        {
            case WatchResponseKind.InjectExternalAbort:
            case WatchResponseKind.InjectPermissionFault:
                _current.Refuse(Injection(highest, _current.LevelOf(elements[highestAt].Page), elements[highestAt].Va, (kind & WatchKinds.Read) == 0));
                _current.Finish();
                return LoadStoreAnswer.Refused;
            case WatchResponseKind.Skip:
                _current.Finish();
                return LoadStoreAnswer.Skipped;
            default:
                return LoadStoreAnswer.Performed;
        }
    }

    /// <summary>The data of an element as the handlers want it.</summary>
    /// <param name="elements">The elements.</param>
    /// <param name="i">The element's index.</param>
    /// <returns>The data.</returns>
    public ulong Answered(ReadOnlySpan<LoadStoreElement> elements, int i) =>
        _current.Record.Decision(i).Apply(elements[i].Data) & elements[i].DataMask;

    private static Refusal Injection(WatchResponseKind kind, int level, Va address, bool isWrite) => Refusal.Abort(
        kind == WatchResponseKind.InjectExternalAbort
            ? FaultStatus.Create(FaultKind.SynchronousExternal)
            : FaultStatus.Create(FaultKind.Permission, level),
        address,
        isWrite);

    /// <summary>Tells whether handlers let an access that is not exact be made.</summary>
    private bool MayBeMade(in WatchedAccess access, ref WatchDecision decision)
    {
        if (decision.Stops)
        {
            decision.ClearStop();
            return _current.Refuse(Refusal.StopByWatch);
        }

        if (decision.Kind >= WatchResponseKind.InjectExternalAbort)
        {
            _current.Finish();
            return _current.Refuse(Injection(decision.Kind, LastLevel, access.Va, (access.Kind & WatchKinds.Read) == 0));
        }

        if (decision.Kind != WatchResponseKind.Continue)
        {
            _current.Report(IntrospectionReportKind.ResponseNotPossible, access.Ipa, decision.Kind + " of an access that is not performed here");
        }

        return true;
    }

    /// <summary>Asks about one element, which is made of some.</summary>
    private void Ask(in WatchedAccess access, ReadOnlySpan<LoadStoreElement> parts, ReadOnlySpan<ulong> old, Span<WatchDecision> decisions)
    {
        // A little longer than the element: every part is put down as eight bytes, of which the next one takes back what it does not have. Most are one part.
        Span<byte> values = parts.Length == 1 ? stackalloc byte[2 * sizeof(ulong)] : stackalloc byte[2 * (LargestElement + sizeof(ulong))];
        Span<byte> newValue = values.Slice(values.Length / 2);
        for (int i = 0; i < parts.Length; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(values.Slice(i * parts[i].Size), old.IsEmpty ? parts[i].Data : old[i]);
            BinaryPrimitives.WriteUInt64LittleEndian(newValue.Slice(i * parts[i].Size), parts[i].Data);
        }

        ref readonly LoadStoreElement first = ref parts[0];
        bool isOldKnown = old.IsEmpty || (_current.IsMemory(first.Page) && (!first.CrossesPage || _current.IsMemory(first.Page + 1)));
        int events = _services.Watches.Ask(_current.Vcpu, access, values.Slice(0, isOldKnown ? access.Size : 0), newValue.Slice(0, access.Size), decisions);
        _current.State.Counters.Events += events;
        if (events != 0 && HasConflict(decisions))
        {
            _current.Report(IntrospectionReportKind.ConflictingReplacements, access.Ipa, "handlers replaced one byte by different values");
        }
    }

    private static bool HasConflict(ReadOnlySpan<WatchDecision> decisions)
    {
        foreach (ref readonly WatchDecision decision in decisions)
        {
            if (decision.HasConflict)
            {
                return true;
            }
        }

        return false;
    }
}
