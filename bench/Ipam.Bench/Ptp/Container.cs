using System.Diagnostics;

namespace Ipam.Bench.Ptp;

/// <summary>A network namespace with a name, which is attached and detached again and again.</summary>
internal sealed class Container : IDisposable
{
    public Container(string name)
    {
        Name = name;
        Ip("netns", "add", name);
    }

    public string Name { get; }

    public string NetNs => $"/run/netns/{Name}";

    public void Dispose() => Ip("netns", "delete", Name);

    private static void Ip(params string[] arguments)
    {
        using var process = Process.Start("ip", arguments);
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"ip {string.Join(' ', arguments)} failed");
    }
}
