namespace Net.Plugin.Firewall.Iptables;

/// <summary>Finds a program of the host. Runtimes start plugins with a PATH that may lack the administrator's folders.</summary>
internal static class ProgramPath
{
    public const string UsualFolders = "/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin";

    public static string? Find(string program)
    {
        foreach (var folder in $"{Environment.GetEnvironmentVariable("PATH")}:{UsualFolders}".Split(':'))
        {
            var path = Path.Combine(folder, program);
            if (folder.StartsWith('/') && File.Exists(path))
                return path;
        }
        return null;
    }
}
