using System;
using System.Diagnostics.CodeAnalysis;

namespace HvIntrospect.Shapes;

/// <summary>A vCPU that offers only some register groups and capabilities of another one.</summary>
internal class ShapedVcpu : IVcpu
{
    private readonly bool _offersStep;

    public ShapedVcpu(IVcpu inner, RegisterGroups groups, bool offersStep)
    {
        Inner = inner;
        AvailableRegisters = groups & inner.AvailableRegisters;
        _offersStep = offersStep;
    }

    public IVcpu Inner { get; }

    public int Index => Inner.Index;

    public RegisterGroups AvailableRegisters { get; }

    public ref readonly CoreRegisters Core
    {
        get
        {
            Check(RegisterGroups.Core, isWrite: false);
            return ref Inner.Core;
        }
    }

    public ref readonly VectorRegisters Vector
    {
        get
        {
            Check(RegisterGroups.Vector, isWrite: false);
            return ref Inner.Vector;
        }
    }

    public ref readonly TranslationRegisters Translation
    {
        get
        {
            Check(RegisterGroups.Translation, isWrite: false);
            return ref Inner.Translation;
        }
    }

    public ref readonly ExceptionRegisters Exception
    {
        get
        {
            Check(RegisterGroups.Exception, isWrite: false);
            return ref Inner.Exception;
        }
    }

    public ref readonly DebugRegisters Debug
    {
        get
        {
            Check(RegisterGroups.Debug, isWrite: false);
            return ref Inner.Debug;
        }
    }

    public ref CoreRegisters ModifyCore()
    {
        Check(RegisterGroups.Core, isWrite: true);
        return ref Inner.ModifyCore();
    }

    public ref VectorRegisters ModifyVector()
    {
        Check(RegisterGroups.Vector, isWrite: true);
        return ref Inner.ModifyVector();
    }

    public ref TranslationRegisters ModifyTranslation()
    {
        Check(RegisterGroups.Translation, isWrite: true);
        return ref Inner.ModifyTranslation();
    }

    public ref ExceptionRegisters ModifyException()
    {
        Check(RegisterGroups.Exception, isWrite: true);
        return ref Inner.ModifyException();
    }

    public ref DebugRegisters ModifyDebug()
    {
        Check(RegisterGroups.Debug, isWrite: true);
        return ref Inner.ModifyDebug();
    }

    public void RequestExit() => Inner.RequestExit();

    public bool TryGetCapability<T>([NotNullWhen(true)] out T? capability)
        where T : class
    {
        capability = null;
        return _offersStep && typeof(T) == typeof(ISingleStep) && Inner.TryGetCapability(out capability);
    }

    /// <summary>Called before every use of a group.</summary>
    protected virtual void Check(RegisterGroups group, bool isWrite)
    {
        if ((AvailableRegisters & group) == 0)
        {
            throw new NotSupportedException("This interface does not offer the registers of the group " + group + ".");
        }
    }
}
