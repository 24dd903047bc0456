using System.Text;

namespace Cni.Protocol.Tests;

/// <summary>One run of the host inside the test's process.</summary>
internal sealed class HostRun
{
    public const string Configuration = """{"cniVersion":"1.1.0","name":"net","type":"test","ipam":{"socket":"/s"}}""";

    public Dictionary<string, string?> Variables { get; } = new()
    {
        ["CNI_CONTAINERID"] = "c1",
        ["CNI_NETNS"] = "/run/netns/other",
        ["CNI_IFNAME"] = "eth0",
        ["CNI_PATH"] = "/opt/cni/bin",
    };

    public RecordingPlugin Plugin { get; init; } = new();

    public Stream Input { get; init; } = new MemoryStream(Encoding.UTF8.GetBytes(Configuration));

    public Stream Output { get; init; } = new MemoryStream();

    public bool RequirePath { get; init; } = true;

    public Func<string, bool> IsOwnNetNs { get; init; } = _ => false;

    public string Stdout { get; private set; } = "";

    public string Stderr { get; private set; } = "";

    public int ExitCode { get; private set; }

    public CniError Error => CniError.TryParse(Encoding.UTF8.GetBytes(Stdout))!;

    public HostRun With(string name, string? value)
    {
        Variables[name] = value;
        return this;
    }

    public HostRun Run(string? command)
    {
        Variables["CNI_COMMAND"] = command;
        var stderr = new MemoryStream();
        var host = new PluginHost(Variables.GetValueOrDefault, Input, Output, () => stderr) { RequirePath = RequirePath, IsOwnNetNs = IsOwnNetNs };
        ExitCode = host.Run(Plugin);
        Stdout = Output is MemoryStream memory ? Encoding.UTF8.GetString(memory.ToArray()) : "";
        Stderr = Encoding.UTF8.GetString(stderr.ToArray());
        return this;
    }

    public static HostRun WithStdin(string stdin) => new() { Input = new MemoryStream(Encoding.UTF8.GetBytes(stdin)) };
}
