using System;
using System.IO;

namespace HvIntrospect.Tests.Support;

/// <summary>Finds files of the repository from wherever the tests were built.</summary>
internal static class RepositoryFiles
{
    private static readonly string s_root = FindRoot();

    /// <summary>Gets the absolute path of a file or folder given by its path from the repository's root.</summary>
    public static string PathOf(string relativePath) => Path.Combine(s_root, relativePath);

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "HvIntrospect.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException("HvIntrospect.sln was not found above " + AppContext.BaseDirectory + ".");
    }
}
