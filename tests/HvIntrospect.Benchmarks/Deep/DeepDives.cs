using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace HvIntrospect.Benchmarks.Deep;

/// <summary>Single benchmarks by BenchmarkDotNet.</summary>
internal static class DeepDives
{
    /// <summary>Runs those that the arguments select.</summary>
    public static void Run(string[] arguments)
    {
        // In this process: the separate project that BenchmarkDotNet would generate inherits rules that it does not keep.
        IConfig config = DefaultConfig.Instance.AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance));
        _ = BenchmarkSwitcher.FromAssembly(typeof(DeepDives).Assembly).Run(arguments, config);
    }
}
