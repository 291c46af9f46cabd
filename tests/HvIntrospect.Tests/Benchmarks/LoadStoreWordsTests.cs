using System.Linq;
using HvIntrospect.A64;
using HvIntrospect.Benchmarks.Suites;
using HvIntrospect.Tests.Support;
using Xunit;

namespace HvIntrospect.Tests.Benchmarks;

public sealed class LoadStoreWordsTests
{
    // The guests' first load or store: stp xzr, xzr, [x1], #16.
    private const uint ClearPair = 0xa8817c3f;

    /// <summary>Where no cross compiler brings a C library, the guests must do.</summary>
    [Fact]
    public void The_guests_have_words_to_decode()
    {
        LoadStoreWords words = LoadStoreWords.From(
            "the guests", GuestKernel.All.Select(static kernel => RepositoryFiles.PathOf($"tests/guests/{kernel.Name}.elf")));

        Assert.InRange(words.Words.Length, 150, 1000);
        Assert.Equal(ClearPair, words.Words[0]);
        Assert.All(words.Words, static word => Assert.True(A64Decoder.Default.TryDecodeLoadStore(word, out _)));
    }
}
