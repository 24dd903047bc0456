namespace Cni.Protocol;

/// <summary>The parameters of one request, read from the CNI_* variables. Variables that aren't set are empty texts.</summary>
public sealed record CniEnvironment
{
    /// <summary>CNI_COMMAND.</summary>
    public required CniCommand Command { get; init; }

    /// <summary>CNI_CONTAINERID; valid where the verb needs it.</summary>
    public string ContainerId { get; init; } = "";

    /// <summary>CNI_NETNS, a path, as given.</summary>
    public string NetNs { get; init; } = "";

    /// <summary>CNI_IFNAME; valid where the verb needs it.</summary>
    public string IfName { get; init; } = "";

    /// <summary>CNI_ARGS as given; see <see cref="CniArgs"/>.</summary>
    public string Args { get; init; } = "";

    /// <summary>CNI_PATH as given.</summary>
    public string Path { get; init; } = "";

    /// <summary>CNI_NETNS_OVERRIDE as given.</summary>
    public string NetNsOverride { get; init; } = "";

    /// <summary>Whether CNI_NETNS may be the plugin's own namespace: CNI_NETNS_OVERRIDE is <c>1</c> or, in any case, <c>TRUE</c>.</summary>
    public bool AllowsOwnNetNs =>
        NetNsOverride == "1" || NetNsOverride.Equals("TRUE", StringComparison.OrdinalIgnoreCase);

    /// <summary>The container and interface that the request is about.</summary>
    public CniAttachment Attachment => new(ContainerId, IfName);

    /// <summary>
    /// Reads and checks the variables as the reference library does: in a fixed order, an invalid value is reported at once, missing
    /// ones are collected, an empty one is missing, and values that the verb doesn't need aren't looked at.
    /// Throws <see cref="CniException"/>, code 4, whose message names the variables.
    /// </summary>
    /// <param name="variable">Gives a variable's value, or null.</param>
    /// <param name="requirePath">
    /// Whether CNI_PATH must be there for every verb but VERSION, as the reference library wants it. The specification calls it optional.
    /// </param>
    public static CniEnvironment Read(Func<string, string?> variable, bool requirePath = true)
    {
        var text = variable(CniVariable.Command) ?? "";
        if (text.Length == 0)
            throw Missing([CniVariable.Command]);
        var environment = new CniEnvironment
        {
            Command = CniCommandText.Parse(text),
            ContainerId = variable(CniVariable.ContainerId) ?? "",
            NetNs = variable(CniVariable.NetNs) ?? "",
            IfName = variable(CniVariable.IfName) ?? "",
            Args = variable(CniVariable.Args) ?? "",
            Path = variable(CniVariable.Path) ?? "",
            NetNsOverride = variable(CniVariable.NetNsOverride) ?? "",
        };
        environment.Check(requirePath);
        return environment;
    }

    /// <summary>The variables that are set, with their values: what <see cref="Read"/> makes the same environment of again.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> ToVariables()
    {
        // Pairs, not tuples: a list of tuples alone makes an AOT plugin 200 KiB bigger.
        var variables = new List<KeyValuePair<string, string>>(7);
        Add(CniVariable.Command, Command.Text());
        Add(CniVariable.ContainerId, ContainerId);
        Add(CniVariable.NetNs, NetNs);
        Add(CniVariable.IfName, IfName);
        Add(CniVariable.Args, Args);
        Add(CniVariable.Path, Path);
        Add(CniVariable.NetNsOverride, NetNsOverride);
        return variables;

        void Add(string name, string value)
        {
            if (value.Length > 0)
                variables.Add(new(name, value));
        }
    }

    private void Check(bool requirePath)
    {
        List<string>? missing = null;
        if (Command.IsAboutAttachment())
        {
            if (IsGiven(CniVariable.ContainerId, ContainerId, ref missing))
                CniIdentifier.CheckContainerId(ContainerId);
            if (Command != CniCommand.Del)
                IsGiven(CniVariable.NetNs, NetNs, ref missing);
            if (IsGiven(CniVariable.IfName, IfName, ref missing))
                InterfaceName.Check(IfName);
        }
        if (requirePath && Command != CniCommand.Version)
            IsGiven(CniVariable.Path, Path, ref missing);
        if (missing is not null)
            throw Missing(missing);
    }

    private static bool IsGiven(string name, string value, ref List<string>? missing)
    {
        if (value.Length > 0)
            return true;
        (missing ??= []).Add(name);
        return false;
    }

    private static CniException Missing(List<string> names) =>
        new(CniErrorCode.InvalidEnvironment, $"required env variables [{string.Join(',', names)}] missing");
}

/// <summary>One interface of one container: what ADD makes, DEL takes away, and GC's list names.</summary>
/// <param name="ContainerId">The container's id.</param>
/// <param name="IfName">The interface's name inside the container.</param>
public readonly record struct CniAttachment(string ContainerId, string IfName);
