using System;
using HvIntrospect.A64;

namespace HvIntrospect.LoadStores;

/// <summary>What loads and stores do where the architecture leaves a choice.</summary>
/// <remarks>
/// Arm Architecture Reference Manual (DDI 0487), "Architectural Constraints on UNPREDICTABLE behaviors". Immutable and thread-safe. Where several reasons apply to
/// one instruction, UNDEFINED comes before no operation, and that before the rest.
/// </remarks>
public sealed class LoadStoreChoices
{
    private const int Reasons = 8;

    private readonly ConstrainedUnpredictableChoice[] _choices;

    private LoadStoreChoices(ConstrainedUnpredictableChoice[] choices, bool usesOptionB)
    {
        _choices = choices;
        UsesOptionB = usesOptionB;
    }

    /// <summary>
    /// Gets the default: registers are read before any is written; a load to its own base has no writeback; of two values for one register the second
    /// stays; should-be-one fields count as ones; CPY* and SET* without three different registers are UNDEFINED; Option A.
    /// </summary>
    public static LoadStoreChoices Default { get; } = new(
        [
            ConstrainedUnpredictableChoice.SuppressWriteback,
            ConstrainedUnpredictableChoice.ReadBeforeWrite,
            ConstrainedUnpredictableChoice.LastValueWins,
            ConstrainedUnpredictableChoice.ReadBeforeWrite,
            ConstrainedUnpredictableChoice.ReadBeforeWrite,
            ConstrainedUnpredictableChoice.LastValueWins,
            ConstrainedUnpredictableChoice.Undefined,
            ConstrainedUnpredictableChoice.AsIfOnes,
        ],
        usesOptionB: false);

    /// <summary>Gets a value indicating whether the prologues of CPY* and SET* choose Option B (an IMPLEMENTATION DEFINED choice); it must be that of the processor that executes what follows.</summary>
    public bool UsesOptionB { get; }

    /// <summary>Gets the choice for a reason.</summary>
    /// <param name="reason">One reason.</param>
    /// <returns>The choice.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="reason"/> is not exactly one reason.</exception>
    public ConstrainedUnpredictableChoice ChoiceFor(ConstrainedUnpredictable reason) => _choices[IndexOf(reason)];

    /// <summary>Makes choices that differ in one.</summary>
    /// <param name="reason">One reason.</param>
    /// <param name="choice">What is to be done; UNDEFINED and no operation are allowed for every reason, others as the default has them.</param>
    /// <returns>The choices.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="reason"/> is not exactly one reason, or the architecture does not allow <paramref name="choice"/> for it.</exception>
    public LoadStoreChoices With(ConstrainedUnpredictable reason, ConstrainedUnpredictableChoice choice)
    {
        int index = IndexOf(reason);
        bool isAllowed = choice is ConstrainedUnpredictableChoice.Undefined or ConstrainedUnpredictableChoice.NoOperation
            || choice == Default._choices[index]
            || (choice == ConstrainedUnpredictableChoice.WriteBack && reason == ConstrainedUnpredictable.WritebackOverlapsLoad);
        if (!isAllowed)
        {
            throw new ArgumentOutOfRangeException(nameof(choice), choice, "The architecture does not allow it for " + reason + ".");
        }

        var choices = (ConstrainedUnpredictableChoice[])_choices.Clone();
        choices[index] = choice;
        return new LoadStoreChoices(choices, UsesOptionB);
    }

    /// <summary>Makes choices with the given option of the memory copies and sets.</summary>
    /// <param name="usesOptionB">See <see cref="UsesOptionB"/>.</param>
    /// <returns>The choices.</returns>
    public LoadStoreChoices WithOptionB(bool usesOptionB) => new(_choices, usesOptionB);

    /// <summary>Finds what is done with an instruction as a whole.</summary>
    /// <param name="reasons">The reasons that apply to it.</param>
    /// <returns><see cref="ConstrainedUnpredictableChoice.Undefined"/> or <see cref="ConstrainedUnpredictableChoice.NoOperation"/>; null when it is performed.</returns>
    internal ConstrainedUnpredictableChoice? FindWhole(ConstrainedUnpredictable reasons)
    {
        ConstrainedUnpredictableChoice? found = null;
        for (int i = 0; i < Reasons; i++)
        {
            if (((int)reasons & (1 << i)) == 0)
            {
                continue;
            }

            if (_choices[i] == ConstrainedUnpredictableChoice.Undefined)
            {
                return ConstrainedUnpredictableChoice.Undefined;
            }

            if (_choices[i] == ConstrainedUnpredictableChoice.NoOperation)
            {
                found = ConstrainedUnpredictableChoice.NoOperation;
            }
        }

        return found;
    }

    private static int IndexOf(ConstrainedUnpredictable reason)
    {
        for (int i = 0; i < Reasons; i++)
        {
            if ((int)reason == 1 << i)
            {
                return i;
            }
        }

        throw new ArgumentOutOfRangeException(nameof(reason), reason, "It is not exactly one reason.");
    }
}
