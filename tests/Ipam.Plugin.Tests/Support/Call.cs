using System.Text;
using Cni.Protocol;

namespace Ipam.Plugin.Tests.Support;

/// <summary>One run of the plugin in this process: environment and stdin in, exit code and outputs out.</summary>
internal sealed record Call(string Command, string Socket)
{
    public string Spool { get; init; } = "";

    public string ContainerId { get; init; } = "c1";

    public string NetNs { get; init; } = "/run/netns/there-is-none";

    public string IfName { get; init; } = "eth0";

    public string Args { get; init; } = "";

    /// <summary>How long the plugin waits for a service, as JSON; null leaves the key out.</summary>
    public string? Wait { get; init; } = "0";

    /// <summary>The main plugin's type and keys.</summary>
    public string Main { get; init; } = "\"type\": \"bridge\"";

    /// <summary>What <c>ipam</c> has besides.</summary>
    public string Ipam { get; init; } = "";

    public string Stdin =>
        $$"""{ "cniVersion": "1.1.0", "name": "net", {{Main}}, "ipam": { "type": "ipam", "socket": "{{Socket}}", "spool": "{{Spool}}"{{(Wait is null ? "" : $", \"wait\": {Wait}")}}{{(Ipam.Length > 0 ? $", {Ipam}" : "")}} } }""";

    /// <summary>The request as the plugin's host would make it.</summary>
    public PluginRequest Request => RequestWith(Stdin);

    public PluginRequest RequestWith(string stdin)
    {
        var bytes = Encoding.UTF8.GetBytes(stdin);
        return new PluginRequest(Environment, bytes, NetworkConfigurationHead.Parse(Encoding.UTF8.GetBytes(Stdin)), CniVersion.Newest);
    }

    private CniEnvironment Environment => new()
    {
        Command = CniCommandText.Parse(Command),
        ContainerId = ContainerId,
        NetNs = NetNs,
        IfName = IfName,
        Args = Args,
    };

    public (int Code, string Output, string Error) Run()
    {
        using var stdout = new MemoryStream();
        using var stderr = new MemoryStream();
        var host = new PluginHost(Variable, new MemoryStream(Encoding.UTF8.GetBytes(Stdin)), stdout, () => stderr);
        var code = host.Run(new IpamPlugin());
        return (code, Encoding.UTF8.GetString(stdout.ToArray()), Encoding.UTF8.GetString(stderr.ToArray()));
    }

    /// <summary>Runs it where nobody can be told anything on stdout.</summary>
    public (int Code, string Error) RunWithoutOutput()
    {
        using var stderr = new MemoryStream();
        using var full = new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        var code = new PluginHost(Variable, new MemoryStream(Encoding.UTF8.GetBytes(Stdin)), full, () => stderr).Run(new IpamPlugin());
        return (code, Encoding.UTF8.GetString(stderr.ToArray()));
    }

    /// <summary>Runs it; it must fail with an error object of this code and print nothing else.</summary>
    public CniError Fail(int code)
    {
        var (exit, output, error) = Run();
        var parsed = CniError.TryParse(Encoding.UTF8.GetBytes(output));
        Assert.True(exit == 1 && error.Length == 0 && parsed?.Code == code, $"wanted code {code}; exit {exit}: {output}{error}");
        return parsed!;
    }

    private string? Variable(string name) => name switch
    {
        CniVariable.Command => Command,
        CniVariable.ContainerId => ContainerId,
        CniVariable.NetNs => NetNs,
        CniVariable.IfName => IfName,
        CniVariable.Args => Args,
        CniVariable.Path => "/opt/cni/bin",
        _ => null,
    };
}
