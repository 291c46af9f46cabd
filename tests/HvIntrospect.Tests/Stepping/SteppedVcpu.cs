using System.Diagnostics.CodeAnalysis;

namespace HvIntrospect.Tests.Stepping;

/// <summary>A vCPU whose interrupt gate is missing, or another one.</summary>
internal sealed class SteppedVcpu(IVcpu inner, IInterruptGate? gate) : IVcpu
{
    public int Index => inner.Index;

    public RegisterGroups AvailableRegisters => inner.AvailableRegisters;

    public ref readonly CoreRegisters Core => ref inner.Core;

    public ref readonly VectorRegisters Vector => ref inner.Vector;

    public ref readonly TranslationRegisters Translation => ref inner.Translation;

    public ref readonly ExceptionRegisters Exception => ref inner.Exception;

    public ref readonly DebugRegisters Debug => ref inner.Debug;

    public ref CoreRegisters ModifyCore() => ref inner.ModifyCore();

    public ref VectorRegisters ModifyVector() => ref inner.ModifyVector();

    public ref TranslationRegisters ModifyTranslation() => ref inner.ModifyTranslation();

    public ref ExceptionRegisters ModifyException() => ref inner.ModifyException();

    public ref DebugRegisters ModifyDebug() => ref inner.ModifyDebug();

    public void RequestExit() => inner.RequestExit();

    public bool TryGetCapability<T>([NotNullWhen(true)] out T? capability)
        where T : class
    {
        if (typeof(T) == typeof(IInterruptGate))
        {
            capability = gate as T;
            return capability is not null;
        }

        return inner.TryGetCapability(out capability);
    }
}
