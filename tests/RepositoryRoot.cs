/// <summary>The folder of the repository that these tests were built from. Part of every test project.</summary>
internal static class RepositoryRoot
{
    public static string Folder { get; } = Find();

    // Not by the path that the compiler saw: a deterministic build replaces it.
    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "IpamSuite.sln")))
                return folder.FullName;
        }
        throw new DirectoryNotFoundException($"no IpamSuite.sln in {AppContext.BaseDirectory} or above it");
    }
}
