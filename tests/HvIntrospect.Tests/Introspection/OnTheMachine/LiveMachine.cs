using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using HvIntrospect.Interpreter;
using HvIntrospect.Registers;
using HvIntrospect.Translation;
using HvIntrospect.Translation.Stage2;

namespace HvIntrospect.Tests.Introspection.OnTheMachine;

/// <summary>The machine behind a Stage 2 of its own, which is changed while vCPUs run, as on hardware: nobody pauses them.</summary>
internal sealed class LiveMachine : IVirtualMachine, IDisposable
{
    private readonly IStage2Control _control;

    /// <param name="vcpus">The number of vCPUs.</param>
    /// <param name="decorate">Puts something between the library and the control of Stage 2; null for nothing.</param>
    /// <param name="viewVmids">A VMID, above 2, for each view beside the base view.</param>
    /// <param name="hasHardwareDirtyState">True for cores that note which pages they write.</param>
    public LiveMachine(int vcpus, Func<IStage2Control, IStage2Control>? decorate = null, ReadOnlySpan<ushort> viewVmids = default, bool hasHardwareDirtyState = false)
    {
        TranslationFeatures features = hasHardwareDirtyState ? TranslationFeatures.HAFDBS : TranslationFeatures.None;
        var options = new MachineOptions { VcpuCount = vcpus, TranslationFeatures = features };
        Machine = new Machine(options);
        Machine.TryGetCapability(out IPhysicalMemory? memory);
        Machine.Vcpus[0].TryGetCapability(out IEl2Operations? operations);
        var tables = new PaRange(options.HypervisorMemory.Start + (options.HypervisorMemory.Length / 2), options.HypervisorMemory.Length / 2);
        Ram = new IpaRange(options.RamBase, options.RamSize);
        Space = new Stage2AddressSpace(
            memory!,
            new TablePool(tables),
            new Stage2Geometry(options.AddressBits, options.AddressBits, features: features),
            2,
            new WindowOperations(this, operations!),
            viewVmids: viewVmids);
        Space.Map(Ram, options.RamPhysicalBase, Stage2Attributes.Ram);
        foreach (Vcpu vcpu in Machine.Vcpus)
        {
            vcpu.TryGetCapability(out operations);
            Space.Install(operations!);
        }

        _control = decorate?.Invoke(Space) ?? Space;
    }

    public Machine Machine { get; }

    public Stage2AddressSpace Space { get; }

    public IpaRange Ram { get; }

    /// <summary>Gets or sets what happens behind each invalidation of the TLBs: in a break, where there is one, before the make.</summary>
    public Action? Invalidated { get; set; }

    public IReadOnlyList<IVcpu> Vcpus => Machine.Vcpus;

    public IGuestMemory Memory => Space.Memory;

    public A64Features Features => Machine.Features;

    public bool TryGetCapability<T>([NotNullWhen(true)] out T? capability)
        where T : class
    {
        if (typeof(T) == typeof(IStage2Control))
        {
            capability = (T)_control;
            return true;
        }

        if (typeof(T) == typeof(IHardwareDirtyState))
        {
            capability = (T)(object)Space;
            return true;
        }

        if (typeof(T) == typeof(IStage2Views) && Space.Views.MaximumViews > 1)
        {
            capability = (T)(object)Space.Views;
            return true;
        }

        capability = null;
        return typeof(T) != typeof(IInlineAccessFilter) && typeof(T) != typeof(IDirtyLog) && typeof(T) != typeof(IStage2Views) && Machine.TryGetCapability(out capability);
    }

    public void Dispose()
    {
        Invalidated = null;
        Space.Dispose();
        Machine.Dispose();
    }

    private sealed class WindowOperations : IEl2Operations
    {
        private readonly LiveMachine _machine;
        private readonly IEl2Operations _inner;

        public WindowOperations(LiveMachine machine, IEl2Operations inner)
        {
            _machine = machine;
            _inner = inner;
        }

        public ulong ReadSystemRegister(SystemRegister register) => _inner.ReadSystemRegister(register);

        public void WriteSystemRegister(SystemRegister register, ulong value) => _inner.WriteSystemRegister(register, value);

        public void Tlbi(TlbiOperation operation, ulong operand)
        {
            _inner.Tlbi(operation, operand);
            _machine.Invalidated?.Invoke();
        }

        public void Dsb(BarrierOption option) => _inner.Dsb(option);

        public void Isb() => _inner.Isb();

        public void InvalidateInstructionCache(InstructionCacheOperation operation, Pa address) => _inner.InvalidateInstructionCache(operation, address);

        public void MaintainDataCache(DataCacheOperation operation, Pa address) => _inner.MaintainDataCache(operation, address);

        public ulong TranslateAddress(AddressTranslationOperation operation, Va address) => _inner.TranslateAddress(operation, address);
    }
}
