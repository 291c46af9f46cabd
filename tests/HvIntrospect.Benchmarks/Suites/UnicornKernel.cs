using System;
using HvIntrospect.Peers;
using HvIntrospect.Tooling.Loading;

namespace HvIntrospect.Benchmarks.Suites;

/// <summary>A guest on Unicorn.</summary>
internal sealed class UnicornKernel : IDisposable
{
    private readonly GuestKernel _kernel;
    private readonly ElfFile _program;

    public UnicornKernel(GuestKernel kernel)
    {
        _kernel = kernel;
        _program = kernel.Read();
        Engine.Map(GuestKernel.Ram, GuestKernel.RamSize);
        foreach (ElfSegment segment in _program.Segments)
        {
            Engine.Write(segment.PhysicalAddress.Value, segment.Data.Span);
        }
    }

    public UnicornEngine Engine { get; } = new();

    /// <summary>Makes single steps start from the beginning.</summary>
    public void Restart()
    {
        Engine.WriteX(0, _kernel.Loops);
        Engine.Pc = _program.EntryPoint.Value;
    }

    /// <summary>Runs it from its beginning to its end.</summary>
    /// <returns>Its checksum.</returns>
    public ulong Run()
    {
        Restart();

        // Nothing takes the hypervisor call, so it ends the run.
        UnicornError error = Engine.Run(_program.EntryPoint.Value, 0);
        if (error != UnicornError.Exception || Engine.ReadX(0) != GuestKernel.SystemOff)
        {
            throw new InvalidOperationException($"{_kernel.Name} on Unicorn ended by {error} at {Engine.Pc:x}.");
        }

        return Engine.ReadX(2);
    }

    public void Dispose() => Engine.Dispose();
}
