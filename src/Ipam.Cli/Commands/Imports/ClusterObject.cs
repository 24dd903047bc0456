namespace Ipam.Cli.Commands.Imports;

/// <summary>An object of an API, as an export or the API server has it.</summary>
/// <param name="data">All of it.</param>
/// <param name="source">The file that it is from; empty for the API.</param>
/// <param name="kind">Its kind, which objects in a list of the API don't name; null if it does.</param>
internal sealed class ClusterObject(DataNode data, string source, string? kind = null)
{
    public string Kind => kind ?? data["kind"].Text;

    public string Name => data["metadata"]["name"].Text;

    public string Namespace => data["metadata"]["namespace"].Text;

    /// <summary>Whether it is on its way out.</summary>
    public bool IsBeingDeleted => !data["metadata"]["deletionTimestamp"].IsEmpty;

    public DataNode Spec => data["spec"];

    public DataNode Status => data["status"];

    /// <summary>As people call it, such as <c>IPPool default/blue</c>.</summary>
    public override string ToString() => $"{(source.Length > 0 ? $"{source}: " : "")}{Kind} {(Namespace.Length > 0 ? $"{Namespace}/" : "")}{Name}";
}
