using System;
using System.Buffers.Binary;
using System.Collections.Generic;

namespace HvIntrospect.Interpreter.Checking;

/// <summary>The rules about instructions that EL2 replaces in a guest's code: which ones may change under a running core, and what caches must be made to forget.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "Concurrent modification and execution of instructions".</remarks>
internal sealed class CodeRules
{
    private readonly CheckedSystem _system;
    private readonly List<ReplacedWord> _replaced = [];

    /// <summary>Initialises the rules.</summary>
    /// <param name="system">The cores.</param>
    public CodeRules(CheckedSystem system)
    {
        _system = system;
    }

    /// <summary>Follows the replacement of instructions.</summary>
    /// <param name="first">The physical address of the first word.</param>
    /// <param name="before">What the words were.</param>
    /// <param name="now">What they are.</param>
    /// <param name="areStopped">Whether all cores have left their guests.</param>
    public void FollowReplacement(Pa first, ReadOnlySpan<byte> before, ReadOnlySpan<byte> now, bool areStopped)
    {
        int running = areStopped ? -1 : Array.FindIndex(_system.Cores, static core => core.IsInGuest);
        for (int i = 0; i < now.Length; i += sizeof(uint))
        {
            uint old = BinaryPrimitives.ReadUInt32LittleEndian(before[i..]);
            uint word = BinaryPrimitives.ReadUInt32LittleEndian(now[i..]);
            if (old == word)
            {
                continue;
            }

            ulong address = first.Value + (ulong)i;
            if (running >= 0 && !(ConcurrentlyModifiable.Contains(old) && ConcurrentlyModifiable.Contains(word)))
            {
                _system.Findings.Add(
                    ArchitectureRule.ConcurrentModification, running, $"the instruction at 0x{address:x} was replaced, 0x{old:x8} by 0x{word:x8}, while the core is in its guest");
            }

            _replaced.RemoveAll(other => other.Address == address);
            _replaced.Add(new ReplacedWord(address, _system.NeedsDataCacheClean));
        }
    }

    /// <summary>Follows a DC.</summary>
    /// <param name="operation">The instruction.</param>
    /// <param name="address">The address.</param>
    public void Follow(DataCacheOperation operation, Pa address)
    {
        foreach (ReplacedWord word in _replaced)
        {
            word.Clean(operation, address.Value);
        }
    }

    /// <summary>Follows an IC.</summary>
    /// <param name="core">The core.</param>
    /// <param name="operation">The instruction.</param>
    /// <param name="address">The address of one by address.</param>
    public void Follow(int core, InstructionCacheOperation operation, Pa address)
    {
        foreach (ReplacedWord word in _replaced)
        {
            word.Invalidate(core, operation, address.Value, _system.HasOneCore);
        }
    }

    /// <summary>Follows a DSB for all accesses of the Inner Shareable domain or wider.</summary>
    /// <param name="core">The core.</param>
    public void FollowDsb(int core)
    {
        foreach (ReplacedWord word in _replaced)
        {
            word.Synchronize(core, _system.NeedsInstructionCacheInvalidation);
        }

        _replaced.RemoveAll(static word => word.IsDone);
    }

    /// <summary>A guest is entered: what was replaced must have reached every core.</summary>
    /// <param name="core">The core.</param>
    public void CheckEntry(int core)
    {
        foreach (ReplacedWord word in _replaced)
        {
            _system.Findings.Add(ArchitectureRule.MissingCodeMaintenance, core, $"the instruction at 0x{word.Address:x} was replaced; missing: {word.Missing}");
        }

        _replaced.Clear();
    }
}
