using BenchmarkDotNet.Attributes;
using HvIntrospect.Benchmarks.Suites;
using HvIntrospect.Peers;

namespace HvIntrospect.Benchmarks.Deep;

/// <summary>Decoding the load/store words of real code, all of them an operation.</summary>
[MemoryDiagnoser]
public class DecodeBenchmarks
{
    private static readonly LoadStoreWords s_words = LoadStoreWords.Load();
    private static readonly CapstoneDecoder s_capstone = new();

    [Benchmark]
    public int Capstone() => s_capstone.CountDecoded(s_words.Words);
}
