using System.Collections.Generic;
using System.Linq;
using HvIntrospect.Registers;

namespace HvIntrospect.Tests.Introspection.Fakes;

/// <summary>A stopped vCPU in plain fields.</summary>
internal sealed class FakeVcpu : IVcpu
{
    private CoreRegisters _core = new() { Pstate = Spsr.El1hMasked };
    private VectorRegisters _vector;
    private TranslationRegisters _translation;
    private ExceptionRegisters _exception;
    private DebugRegisters _debug;

    public FakeVcpu(int index)
    {
        Index = index;
    }

    public int Index { get; }

    public RegisterGroups AvailableRegisters { get; set; } =
        RegisterGroups.Core | RegisterGroups.Vector | RegisterGroups.Translation | RegisterGroups.Exception | RegisterGroups.Debug;

    public List<object> Capabilities { get; } = [];

    public ref readonly CoreRegisters Core => ref _core;

    public ref readonly VectorRegisters Vector => ref _vector;

    public ref readonly TranslationRegisters Translation => ref _translation;

    public ref readonly ExceptionRegisters Exception => ref _exception;

    public ref readonly DebugRegisters Debug => ref _debug;

    public ref CoreRegisters ModifyCore() => ref _core;

    public ref VectorRegisters ModifyVector() => ref _vector;

    public ref TranslationRegisters ModifyTranslation() => ref _translation;

    public ref ExceptionRegisters ModifyException() => ref _exception;

    public ref DebugRegisters ModifyDebug() => ref _debug;

    public void RequestExit()
    {
    }

#pragma warning disable CS8767 // The netstandard2.0 core has a NotNullWhenAttribute of its own, so that its name is ambiguous here.
    public bool TryGetCapability<T>(out T? capability)
        where T : class
#pragma warning restore CS8767
    {
        capability = Capabilities.OfType<T>().FirstOrDefault();
        return capability is not null;
    }
}
