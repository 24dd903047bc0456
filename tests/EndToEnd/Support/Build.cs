namespace EndToEnd.Support;

/// <summary>Programs as eng/publish.sh makes them.</summary>
/// <param name="Folder">The folder they are in.</param>
internal sealed record Build(string Folder)
{
    /// <summary>What was published here.</summary>
    public static Build Published => new(Repository.Artifacts);

    public string PluginFolder => Path.Combine(Folder, "cni");

    public string Plugin => Path.Combine(PluginFolder, "ipam");

    public string Ipamd => Path.Combine(Folder, "ipamd/ipamd");

    public string Ipamctl => Path.Combine(Folder, "ipamctl/ipamctl");

    /// <summary>A copy, with something behind the end of each plugin by which they differ: to an installer another version.</summary>
    public Build CopyTo(string folder)
    {
        Directory.CreateDirectory(folder);
        Command.Run("cp", "-a", PluginFolder, $"{Folder}/ipamd", $"{Folder}/ipamctl", folder);
        var copy = new Build(folder);
        foreach (var plugin in Directory.GetFiles(copy.PluginFolder))
            File.AppendAllText(plugin, "another");
        return copy;
    }
}
