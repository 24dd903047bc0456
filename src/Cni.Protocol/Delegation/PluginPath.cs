namespace Cni.Protocol;

/// <summary>Finds a plugin's executable by its type.</summary>
public static class PluginPath
{
    /// <summary>
    /// The first file of that name in CNI_PATH's folders; links are followed, permissions not looked at. Throws <see cref="CniException"/>:
    /// code 7 for a name that is empty or has a slash, code 999 when no folder has it.
    /// </summary>
    /// <param name="type">The plugin's type.</param>
    /// <param name="cniPath">CNI_PATH: folders separated by <c>:</c>; empty ones are passed over.</param>
    public static string Find(string? type, string cniPath)
    {
        if (string.IsNullOrEmpty(type))
            throw new CniException(CniErrorCode.InvalidNetworkConfig, "no plugin name provided");
        if (type.Contains('/'))
            throw new CniException(CniErrorCode.InvalidNetworkConfig, $"invalid plugin name: {type}");
        var folders = cniPath.Split(':', StringSplitOptions.RemoveEmptyEntries);
        if (folders.Length == 0)
            throw new CniException(CniErrorCode.Internal, "no paths provided", $"CNI_PATH must name the folder of plugin \"{type}\"");
        foreach (var folder in folders)
        {
            var path = Path.Combine(folder, type);
            if (File.Exists(path))
                return path;
        }
        throw new CniException(CniErrorCode.Internal,
            $"failed to find plugin \"{type}\" in path [{string.Join(' ', folders)}]");
    }
}
