namespace Net.Plugin.Tests.Support;

/// <summary>An IPAM plugin that answers what the test says and notes how it was called: a script in a folder that goes onto CNI_PATH.</summary>
internal sealed class FakeIpam
{
    public const string Type = "fake-ipam";

    /// <summary>Shell commands that wait until the main plugin, which works meanwhile, has made the pair and its host's end is up.</summary>
    public const string WaitsForThePair = "for try in $(seq 500); do ip -o link show type veth up | grep -q . && break; sleep 0.01; done\n";

    private readonly string _folder;

    public FakeIpam(PtpHost host)
    {
        _folder = Directory.CreateDirectory(Path.Combine(host.Folder, Type)).FullName;
        var script = Path.Combine(_folder, Type);
        File.WriteAllText(script, """
            #!/bin/sh
            here=${0%/*}
            cat > "$here/stdin.$CNI_COMMAND"
            echo "$CNI_COMMAND $CNI_CONTAINERID $CNI_IFNAME $CNI_NETNS" >> "$here/calls"
            [ ! -e "$here/before.$CNI_COMMAND" ] || . "$here/before.$CNI_COMMAND"
            [ ! -e "$here/answer.$CNI_COMMAND" ] || cat "$here/answer.$CNI_COMMAND"
            [ ! -e "$here/fails.$CNI_COMMAND" ]
            """);
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        host.PluginPath = _folder;
        host.Configuration["ipam"] = new System.Text.Json.Nodes.JsonObject { ["type"] = Type };
    }

    /// <summary>The verbs that it was called with, in order.</summary>
    public string[] Verbs => [.. Calls.Select(call => call.Split(' ')[0])];

    /// <summary>All calls: verb, container, interface, namespace.</summary>
    public string[] Calls => File.Exists(PathOf("calls")) ? File.ReadAllLines(PathOf("calls")) : [];

    public FakeIpam Answers(string verb, string output)
    {
        File.WriteAllText(PathOf($"answer.{verb}"), output);
        return this;
    }

    /// <summary>Ends with exit code 1.</summary>
    public FakeIpam Fails(string verb, string output)
    {
        File.WriteAllText(PathOf($"fails.{verb}"), "");
        return Answers(verb, output);
    }

    /// <summary>Ends with this exit code.</summary>
    public void Ends(string verb, int code)
    {
        if (code == 0)
            File.Delete(PathOf($"fails.{verb}"));
        else
            File.WriteAllText(PathOf($"fails.{verb}"), "");
    }

    /// <summary>Shell commands to do before the answer.</summary>
    public FakeIpam Does(string verb, string commands)
    {
        File.WriteAllText(PathOf($"before.{verb}"), commands);
        return this;
    }

    /// <summary>What it read from stdin.</summary>
    public string Stdin(string verb) => File.ReadAllText(PathOf($"stdin.{verb}"));

    private string PathOf(string name) => Path.Combine(_folder, name);
}
