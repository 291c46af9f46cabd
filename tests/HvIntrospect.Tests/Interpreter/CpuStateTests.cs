using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.Mmu;
using HvIntrospect.Interpreter.State;
using Xunit;

namespace HvIntrospect.Tests.Interpreter;

public sealed unsafe class CpuStateTests
{
    [Fact]
    public void TheSlotsLieWhereOperationsExpectThem()
    {
        CpuState state = default;
        byte* start = (byte*)&state;
        Assert.Equal(8 * 30, (int)((byte*)&state.X[30] - start));
        Assert.Equal(CpuState.ZeroOffset, (int)((byte*)&state.Zero - start));
        Assert.Equal(CpuState.SpOffset, (int)((byte*)&state.Sp - start));
        Assert.Equal(CpuState.SinkOffset, (int)((byte*)&state.Sink - start));
        Assert.Equal(CpuState.VectorOffset + (16 * 31), (int)((byte*)&state.V[62] - start));
        Assert.Equal(0, CpuState.VectorOffset % 16);
    }

    [Fact]
    public void ArchitecturalStateEndsBeforeTheHostFields()
    {
        Assert.True(CpuState.SystemOffset + Unsafe.SizeOf<SystemState>() <= CpuState.FirstHostField);
        Assert.False(RuntimeHelpers.IsReferenceOrContainsReferences<CpuState>());
        Assert.Equal(Operation.Size, Unsafe.SizeOf<Operation>());
        Assert.Equal(DataTlbEntry.Size, Unsafe.SizeOf<DataTlbEntry>());
    }

    [Fact]
    public void EveryCombinationOfFlagsSurvives()
    {
        CpuState state = default;
        for (uint flags = 0; flags < 16; flags++)
        {
            ProcessState.WriteFlags(&state, flags << 28);
            Assert.Equal(flags << 28, ProcessState.ReadFlags(&state));
        }
    }
}
