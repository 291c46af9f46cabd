using System.Diagnostics.CodeAnalysis;

namespace HvIntrospect;

/// <summary>One virtual CPU, stopped: its registers and its capabilities.</summary>
/// <remarks>
/// <para>Registers are read and written in groups. A backend fetches a group lazily, at most once per exit, and flushes the groups that were
/// taken for modification when the vCPU resumes. The returned references are valid until then.</para>
/// <para>Threads: only the thread that handles the vCPU's exit may use it, except for <see cref="RequestExit"/>.</para>
/// </remarks>
public interface IVcpu
{
    /// <summary>Gets the number of the vCPU in its machine, from 0.</summary>
    int Index { get; }

    /// <summary>Gets the register groups that can be used now.</summary>
    RegisterGroups AvailableRegisters { get; }

    /// <summary>Gets the general-purpose registers, PC and PSTATE.</summary>
    /// <exception cref="System.NotSupportedException">The group is not in <see cref="AvailableRegisters"/>.</exception>
    ref readonly CoreRegisters Core { get; }

    /// <summary>Gets the SIMD&amp;FP registers.</summary>
    /// <exception cref="System.NotSupportedException">The group is not in <see cref="AvailableRegisters"/>.</exception>
    ref readonly VectorRegisters Vector { get; }

    /// <summary>Gets the Stage 1 controls.</summary>
    /// <exception cref="System.NotSupportedException">The group is not in <see cref="AvailableRegisters"/>.</exception>
    ref readonly TranslationRegisters Translation { get; }

    /// <summary>Gets the EL1 exception registers.</summary>
    /// <exception cref="System.NotSupportedException">The group is not in <see cref="AvailableRegisters"/>.</exception>
    ref readonly ExceptionRegisters Exception { get; }

    /// <summary>Gets the debug registers.</summary>
    /// <exception cref="System.NotSupportedException">The group is not in <see cref="AvailableRegisters"/>.</exception>
    ref readonly DebugRegisters Debug { get; }

    /// <summary>Gets the core registers for modification and marks them to be written back at resume.</summary>
    /// <returns>The group's storage.</returns>
    /// <exception cref="System.NotSupportedException">The group is not in <see cref="AvailableRegisters"/>.</exception>
    ref CoreRegisters ModifyCore();

    /// <summary>Gets the SIMD&amp;FP registers for modification and marks them to be written back at resume.</summary>
    /// <returns>The group's storage.</returns>
    /// <exception cref="System.NotSupportedException">The group is not in <see cref="AvailableRegisters"/>.</exception>
    ref VectorRegisters ModifyVector();

    /// <summary>Gets the Stage 1 controls for modification and marks them to be written back at resume.</summary>
    /// <returns>The group's storage.</returns>
    /// <exception cref="System.NotSupportedException">The group is not in <see cref="AvailableRegisters"/>.</exception>
    ref TranslationRegisters ModifyTranslation();

    /// <summary>Gets the EL1 exception registers for modification and marks them to be written back at resume.</summary>
    /// <returns>The group's storage.</returns>
    /// <exception cref="System.NotSupportedException">The group is not in <see cref="AvailableRegisters"/>.</exception>
    ref ExceptionRegisters ModifyException();

    /// <summary>Gets the debug registers for modification and marks them to be written back at resume.</summary>
    /// <returns>The group's storage.</returns>
    /// <exception cref="System.NotSupportedException">The group is not in <see cref="AvailableRegisters"/>.</exception>
    ref DebugRegisters ModifyDebug();

    /// <summary>Asks the vCPU to leave the guest soon; the exit is <see cref="VcpuExitKind.Canceled"/>. May be called from any thread and any number of times.</summary>
    void RequestExit();

    /// <summary>Asks for an optional ability of this vCPU. Never find one by a cast: decorators forward this call.</summary>
    /// <typeparam name="T">A capability interface of the namespace <c>HvIntrospect</c>.</typeparam>
    /// <param name="capability">Receives it.</param>
    /// <returns>False when the backend lacks it.</returns>
    bool TryGetCapability<T>([NotNullWhen(true)] out T? capability)
        where T : class;
}
