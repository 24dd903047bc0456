namespace Cni.Protocol;

/// <summary>Name resolution in a result, or in a configuration.</summary>
public sealed record CniDns
{
    /// <summary>Nothing is given.</summary>
    public static CniDns None { get; } = new();

    /// <summary>Servers in order of priority.</summary>
    public IReadOnlyList<string> Nameservers { get; init; } = [];

    /// <summary>The local domain.</summary>
    public string Domain { get; init; } = "";

    /// <summary>Search domains in order of priority.</summary>
    public IReadOnlyList<string> Search { get; init; } = [];

    /// <summary>Options for the resolver.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];

    /// <summary>Whether nothing is given.</summary>
    public bool IsEmpty => Nameservers.Count == 0 && Domain.Length == 0 && Search.Count == 0 && Options.Count == 0;
}
