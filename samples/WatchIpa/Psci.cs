using System.Globalization;

namespace HvIntrospect.Samples.WatchIpa;

/// <summary>The firmware calls of a guest: HVC #0 with the function in W0.</summary>
/// <remarks>Arm Power State Coordination Interface (DEN 0022). A core without neighbours needs no more than version, off and reset.</remarks>
internal static class Psci
{
    private const uint Version = 0x8400_0000;
    private const uint SystemOff = 0x8400_0008;
    private const uint SystemReset = 0x8400_0009;
    private const ulong Version1_1 = 0x0001_0001;
    private const ulong NotSupported = ulong.MaxValue;

    /// <summary>Answers a call.</summary>
    /// <param name="vcpu">The vCPU, behind its HVC.</param>
    /// <param name="immediate">The immediate of the HVC.</param>
    /// <returns>The end of the run, or null when it goes on.</returns>
    public static RunEnd? Handle(IVcpu vcpu, ushort immediate)
    {
        ref CoreRegisters core = ref vcpu.ModifyCore();

        // These are 32-bit calls: the upper halves of the registers mean nothing.
        switch (immediate == 0 ? (uint)core[0] : 0)
        {
            case SystemOff when (uint)core[1] == 0:
                return new RunEnd(RunEnd.Off, "the guest turned itself off");
            case SystemOff:
                return new RunEnd(RunEnd.Failed, string.Create(CultureInfo.InvariantCulture, $"the guest turned itself off with status {(uint)core[1]}"));
            case SystemReset:
                return new RunEnd(RunEnd.Reset, "the guest reset itself");
            case Version:
                core[0] = Version1_1;
                return null;
            default:
                core[0] = NotSupported;
                return null;
        }
    }
}
