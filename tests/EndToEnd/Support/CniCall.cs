using System.Diagnostics;

namespace EndToEnd.Support;

/// <summary>One call of a CNI plugin: the CNI_* variables (null for one that is not set) and stdin.</summary>
internal sealed record CniCall(string? Command)
{
    public string? ContainerId { get; init; } = "c1";

    public string? NetNs { get; init; } = "/var/run/netns/there-is-none";

    public string? IfName { get; init; } = "eth0";

    public string? Args { get; init; }

    public string? Path { get; init; } = $"{Repository.PluginFolder}:{Programs.CniFolder}";

    /// <summary>The configuration; null leaves stdin open and empty for as long as the plugin runs.</summary>
    public string? Stdin { get; init; } = "";

    /// <summary>How a runtime would start the plugin: with these variables and PATH alone.</summary>
    public ProcessStartInfo StartOf(string plugin)
    {
        var start = new ProcessStartInfo(plugin);
        start.Environment.Clear();
        start.Environment["PATH"] = "/usr/sbin:/usr/bin:/sbin:/bin";
        Set(start, "CNI_COMMAND", Command);
        Set(start, "CNI_CONTAINERID", ContainerId);
        Set(start, "CNI_NETNS", NetNs);
        Set(start, "CNI_IFNAME", IfName);
        Set(start, "CNI_ARGS", Args);
        Set(start, "CNI_PATH", Path);
        return start;
    }

    private static void Set(ProcessStartInfo start, string name, string? value)
    {
        if (value is not null)
            start.Environment[name] = value;
    }
}
