using System;
using System.Buffers.Binary;
using HvIntrospect.Translation;

namespace HvIntrospect.Introspection;

/// <summary>Reads the instruction at a vCPU's PC.</summary>
internal static class InstructionFetcher
{
    /// <summary>Fetches through Stage 1, with the privilege of the vCPU, whatever the view denies. Instructions are little-endian.</summary>
    /// <param name="view">The view that the vCPU has active.</param>
    /// <param name="vcpu">The vCPU.</param>
    /// <param name="word">The instruction word.</param>
    /// <returns>False when the guest has changed its tables or memory since the exit, and in AArch32 state, whose instructions are others.</returns>
    public static bool TryFetch(GuestView view, IVcpu vcpu, out uint word) => TryFetch(view, vcpu, out _, out word);

    /// <summary>Fetches, and tells where the instruction lies.</summary>
    /// <param name="view">The view that the vCPU has active.</param>
    /// <param name="vcpu">The vCPU.</param>
    /// <param name="translation">The translation of PC.</param>
    /// <param name="word">The instruction word.</param>
    /// <returns>False when the guest has changed its tables or memory since the exit, and in AArch32 state.</returns>
    public static bool TryFetch(GuestView view, IVcpu vcpu, out Stage1Translation translation, out uint word)
    {
        translation = default;
        word = 0;
        return !vcpu.Core.Pstate.IsAArch32 && TryFetchAt(view, vcpu, vcpu.Core.Pc, out translation, out word);
    }

    /// <summary>Fetches the A64 instruction at another address in the same way.</summary>
    /// <param name="view">The view that the vCPU has active.</param>
    /// <param name="vcpu">The vCPU.</param>
    /// <param name="pc">The instruction's address.</param>
    /// <param name="translation">The translation of the address.</param>
    /// <param name="word">The instruction word.</param>
    /// <returns>False when there is none.</returns>
    public static bool TryFetchAt(GuestView view, IVcpu vcpu, Va pc, out Stage1Translation translation, out uint word)
    {
        word = 0;
        translation = view.Walker.Translate(pc, Stage1Access.ForFetch(vcpu.Core.Pstate), vcpu.Translation);
        if (translation.IsFault || pc.OffsetIn(sizeof(uint)) != 0)
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        if (view.Memory.Read(translation.Ipa, bytes) != bytes.Length)
        {
            return false;
        }

        word = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        return true;
    }
}
