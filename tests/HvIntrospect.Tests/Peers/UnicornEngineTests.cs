using System;
using System.Linq;
using System.Runtime.InteropServices;
using HvIntrospect.Peers;
using HvIntrospect.Tests.Support;
using Xunit;

namespace HvIntrospect.Tests.Peers;

public sealed class UnicornEngineTests
{
    private const ulong Code = 0x1000;
    private const ulong Data = 0x8000;

    // ldr x2, [x1], #8
    private const uint LoadPostIndex = 0xf8408422;

    // str q3, [x1]
    private const uint StoreVector = 0x3d800023;

    [UnicornFact]
    public void A_post_indexed_load_loads_and_writes_back()
    {
        using UnicornEngine engine = EngineWith(LoadPostIndex);
        engine.Map(Data, 0x1000);
        engine.Write(Data + 16, BitConverter.GetBytes(0x1122334455667788ul));
        engine.WriteX(1, Data + 16);

        Assert.Equal(UnicornError.None, engine.Run(Code, 0, 1));

        Assert.Equal(0x1122334455667788ul, engine.ReadX(2));
        Assert.Equal(Data + 24, engine.ReadX(1));
        Assert.Equal(Code + 4, engine.Pc);
        Assert.Null(engine.Fault);
    }

    [UnicornFact]
    public void An_access_to_unmapped_memory_is_reported_with_its_address()
    {
        using UnicornEngine engine = EngineWith(LoadPostIndex);
        engine.WriteX(1, Data + 16);

        Assert.Equal(UnicornError.ReadUnmapped, engine.Run(Code, 0, 1));

        Assert.Equal(new UnicornFault(Data + 16, 8), engine.Fault);
        Assert.Equal(Code, engine.Pc);
        Assert.Equal(Data + 16, engine.ReadX(1));
    }

    [UnicornFact]
    public void The_whole_state_goes_in_and_out()
    {
        using UnicornEngine engine = EngineWith(StoreVector);
        engine.Map(Data, 0x1000);
        UnicornState state = new();
        engine.ReadState(state);
        for (int i = 0; i < state.X.Length; i++)
        {
            state.X[i] = (ulong)i * 0x0101010101010101;
        }

        for (int i = 0; i < state.V.Length; i++)
        {
            state.V[i] = new UInt128((ulong)i + 1000, (ulong)i + 2000);
        }

        state.X[1] = Data;
        state.Sp = 0x123450;
        engine.WriteState(state);
        Assert.Equal(UnicornError.None, engine.Run(Code, 0, 1));

        UnicornState after = new();
        engine.ReadState(after);
        Assert.Equal(state.X, after.X);
        Assert.Equal(state.V, after.V);
        Assert.Equal(state.Sp, after.Sp);
        Assert.Equal(Code + 4, after.Pc);
        byte[] stored = new byte[16];
        engine.Read(Data, stored);
        Assert.Equal([2003ul, 1003ul], MemoryMarshal.Cast<byte, ulong>(stored).ToArray());
    }

    [UnicornFact]
    public void Accesses_in_a_range_are_counted()
    {
        using UnicornEngine engine = EngineWith(LoadPostIndex, LoadPostIndex, LoadPostIndex);
        engine.Map(Data, 0x1000);
        engine.CountAccesses(Data + 8, Data + 15);
        engine.WriteX(1, Data);

        Assert.Equal(UnicornError.None, engine.Run(Code, 0, 3));

        Assert.Equal(1, engine.Accesses);
    }

    private static UnicornEngine EngineWith(params uint[] words)
    {
        UnicornEngine engine = new();
        engine.Map(Code, 0x1000);
        engine.Write(Code, [.. words.SelectMany(BitConverter.GetBytes)]);
        return engine;
    }
}
