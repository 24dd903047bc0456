namespace Ipam.Stores.Kubernetes.Access;

/// <summary>A program that prints an ExecCredential (client.authentication.k8s.io).</summary>
/// <param name="ApiVersion">The version that it speaks.</param>
/// <param name="Command">The program.</param>
/// <param name="Arguments">Its arguments.</param>
/// <param name="Environment">Variables it gets besides ours.</param>
/// <param name="InstallHint">What to do if the program is missing; may be empty.</param>
internal sealed record ExecCommand(
    string ApiVersion,
    string Command,
    IReadOnlyList<string> Arguments,
    IReadOnlyList<KeyValuePair<string, string>> Environment,
    string InstallHint);
