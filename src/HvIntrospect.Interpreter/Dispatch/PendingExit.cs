using System.Runtime.InteropServices;

namespace HvIntrospect.Interpreter.Dispatch;

/// <summary>What an exception to EL2 reports besides the EL2 registers that it wrote.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PendingExit
{
    /// <summary>Not 0 when the exception wrote FAR_EL2.</summary>
    public byte HasFar;

    /// <summary>Not 0 when the exception wrote HPFAR_EL2.</summary>
    public byte HasHpfar;
}
