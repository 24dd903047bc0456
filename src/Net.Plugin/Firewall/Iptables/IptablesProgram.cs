using System.Text;
using Net.Plugin.Firewall.Backends;
using Net.Plugin.Interop;
using Net.Plugin.Netlink;

namespace Net.Plugin.Firewall.Iptables;

/// <summary>iptables-save and iptables-restore, or ip6tables' two, of the host.</summary>
internal sealed class IptablesProgram(IpFamily family)
{
    // Others hold the lock of the older iptables for as long as one call takes; a lock that is never given back must not hang the plugin.
    private const string Wait = "--wait=10";

    public string Name { get; } = family == IpFamily.V4 ? "iptables" : "ip6tables";

    /// <summary>Why it can't be used here; null if it can.</summary>
    public string? WhyUnusable()
    {
        try
        {
            Save();
            return null;
        }
        catch (FirewallException e)
        {
            return e.Message;
        }
    }

    /// <exception cref="FirewallException">The program is missing.</exception>
    public void EnsureInstalled() => Find($"{Name}-restore");

    /// <exception cref="FirewallException">The program is missing or failed.</exception>
    public NatRules Save() => NatRules.Parse(Encoding.UTF8.GetString(Run($"{Name}-save", ["-t", "nat"], "")));

    /// <summary>Makes all changes to the nat table at once, or none: lines such as <c>-A CHAIN ...</c>.</summary>
    /// <exception cref="FirewallException">The program is missing or failed.</exception>
    public void Restore(IEnumerable<string> lines) =>
        Run($"{Name}-restore", ["--noflush", Wait], $"*nat\n{string.Join('\n', lines)}\nCOMMIT\n");

    private static string Find(string program) => ProgramPath.Find(program)
        ?? throw new FirewallException($"{program} is not installed: it is in none of the folders of PATH, nor in {ProgramPath.UsualFolders}");

    private static byte[] Run(string program, string[] arguments, string input)
    {
        var path = Find(program);
        try
        {
            using var child = ChildProcess.Start(
                path, [program, .. arguments], ProgramEnvironment.Read().Bytes, Encoding.UTF8.GetBytes(input), collectErrors: true);
            var result = child.WaitForExit();
            if (result.WhyKilled is { } reason)
                throw new FirewallException($"{program} {string.Join(' ', arguments)} {reason}; see {(result.PrintedTooMuch ? "what it prints" : "why it hangs")}");
            return result.Succeeded
                ? result.Output
                : throw new FirewallException($"{program} {string.Join(' ', arguments)}: exit code {result.ExitCode}: {result.ErrorText}");
        }
        catch (SystemCallException e)
        {
            throw new FirewallException(e.Message);
        }
    }
}
