using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Text;
using Xunit;

namespace HvIntrospect.Tests.Support;

/// <summary>Vectors that are asked for are found, or the test fails.</summary>
public sealed class VectorFilesTests
{
    private const string Kind = "decoder";

    [Theory]
    [InlineData("")]
    [InlineData(Kind)]
    public void ExtraFilesAreFoundInTheFolderOrBelowIt(string below)
    {
        using var folder = new TemporaryFolder();
        string kindFolder = Directory.CreateDirectory(folder.PathOf(below)).FullName;
        File.WriteAllText(Path.Combine(kindFolder, "plain.jsonl"), "{\"w\":\"1\"}\n\n{\"w\":\"2\"}\n");
        using (var zipped = new GZipStream(File.Create(Path.Combine(kindFolder, "zipped.jsonl.gz")), CompressionMode.Compress))
        {
            zipped.Write(Encoding.ASCII.GetBytes("{\"w\":\"3\"}\n"));
        }

        string[] extra = [.. VectorFiles.Find(Kind, folder.PathOf("")).Except(VectorFiles.Find(Kind, null))];
        Assert.Equal(["1", "2", "3"], extra.SelectMany(VectorFiles.Read).Select(row => row.GetProperty("w").GetString()));
    }

    [Fact]
    public void AFolderWithoutVectorsFails()
    {
        using var folder = new TemporaryFolder();
        Assert.Throws<FileNotFoundException>(() => VectorFiles.Find(Kind, folder.PathOf("")));
        Directory.CreateDirectory(folder.PathOf(Kind));
        File.WriteAllText(folder.PathOf("beside.jsonl"), "{}");
        Assert.Throws<FileNotFoundException>(() => VectorFiles.Find(Kind, folder.PathOf("")));
        Assert.Throws<FileNotFoundException>(() => VectorFiles.Find(Kind, folder.PathOf("absent")));
        Assert.Throws<FileNotFoundException>(() => VectorFiles.Find("no such kind", null));
    }
}
