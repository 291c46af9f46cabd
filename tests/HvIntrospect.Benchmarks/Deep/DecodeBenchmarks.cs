using BenchmarkDotNet.Attributes;
using HvIntrospect.A64;
using HvIntrospect.Benchmarks.Suites;
using HvIntrospect.Peers;

namespace HvIntrospect.Benchmarks.Deep;

/// <summary>Decoding the load/store words of real code, all of them an operation.</summary>
[MemoryDiagnoser]
public class DecodeBenchmarks
{
    private static readonly LoadStoreWords s_words = LoadStoreWords.Load();
    private static readonly CapstoneDecoder s_capstone = new();

    [Benchmark(Baseline = true)]
    public int HvIntrospect()
    {
        int sum = 0;
        foreach (uint word in s_words.Words)
        {
            _ = A64Decoder.Default.DecodeLoadStore(word, out LoadStoreAccess access);
            sum += access.Rn + access.ElementSize + access.Immediate;
        }

        return sum;
    }

    [Benchmark]
    public int Capstone() => s_capstone.CountDecoded(s_words.Words);
}
