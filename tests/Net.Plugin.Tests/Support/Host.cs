namespace Net.Plugin.Tests.Support;

/// <summary>What the machine that runs the tests can do.</summary>
internal static class Host
{
    /// <summary>Among the programs that a test needs: the published plugin itself.</summary>
    public const string ThePlugin = "net-ptp";

    private static readonly string[] ProgramFolders = ["/usr/sbin", "/usr/bin", "/sbin", "/bin", "/usr/lib/cni"];

    /// <summary>Full path of an installed program, or null.</summary>
    public static string? Find(string program) =>
        ProgramFolders.Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    /// <summary>Why a test on the real kernel can't run here; null if it can.</summary>
    public static string? WhatIsMissing(params string[] programs)
    {
        if (!Environment.IsPrivilegedProcess)
            return "needs root, to make network namespaces";
        if (programs.Contains(ThePlugin) && !File.Exists(Published.Plugin))
            return $"needs the published plugin at {Published.Plugin}; run eng/publish.sh";
        var missing = programs.Where(program => program != ThePlugin).Prepend("ip").FirstOrDefault(program => Find(program) is null);
        return missing is null ? null : $"needs the program '{missing}'; eng/test.sh installs what the tests need";
    }
}
