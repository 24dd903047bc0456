using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Ipam.Core.Stores;
using Ipam.Stores.Kubernetes.Access;

namespace Ipam.Stores.Kubernetes;

/// <summary>What follows <c>kubernetes:</c> in a store's URL: a kubeconfig's path or nothing, and options behind a question mark.</summary>
/// <param name="Path">The kubeconfig, or several with colons between them; empty for the access that a pod has, or what KUBECONFIG names.</param>
/// <param name="Context">The kubeconfig's context; null for its current one.</param>
/// <param name="Namespace">The namespace of the Leases; null for that of the access.</param>
/// <param name="RenewSeconds">How often a node shows that it is there; null for the default.</param>
internal sealed record KubernetesUrl(string Path, string? Context = null, string? Namespace = null, int? RenewSeconds = null)
{
    /// <summary>How such a URL is written, for messages.</summary>
    public const string Form = "kubernetes: (inside a pod, or with KUBECONFIG set) or kubernetes:KUBECONFIG[:KUBECONFIG...][?context=NAME&namespace=NAME&renewSeconds=N]";

    /// <summary>Reads it; false if it has an option that is unknown or without a value.</summary>
    public static bool TryParse(string rest, [NotNullWhen(true)] out KubernetesUrl? url)
    {
        var question = rest.IndexOf('?', StringComparison.Ordinal);
        url = new KubernetesUrl(question < 0 ? rest : rest[..question]);
        if (question < 0)
            return true;
        foreach (var option in rest[(question + 1)..].Split('&'))
        {
            var equals = option.IndexOf('=', StringComparison.Ordinal);
            var value = equals < 0 ? "" : Uri.UnescapeDataString(option[(equals + 1)..]);
            url = value.Length == 0 ? null : option[..equals] switch
            {
                "context" => url with { Context = value },
                "namespace" => url with { Namespace = value },
                "renewSeconds" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 1 and <= 300 =>
                    url with { RenewSeconds = seconds },
                _ => null,
            };
            if (url is null)
                return false;
        }
        return true;
    }

    /// <summary>Reads the files that the URL leads to.</summary>
    /// <param name="environment">The variables of the process.</param>
    /// <param name="time">The clock, for credentials that expire.</param>
    /// <exception cref="StoreException">They can't be used.</exception>
    public ClusterAccess ReadAccess(Func<string, string?> environment, TimeProvider time)
    {
        if (Path.Length > 0)
            return Kubeconfig.Read(File.Exists(Path) ? [Path] : Path.Split(':', StringSplitOptions.RemoveEmptyEntries), Context, time);
        if (InCluster.Is(environment))
            return InCluster.Read(InCluster.Folder, environment, time);
        return environment("KUBECONFIG")?.Split(':', StringSplitOptions.RemoveEmptyEntries) is { Length: > 0 } files
            ? Kubeconfig.Read(files, Context, time)
            : throw new StoreException(
                "kubernetes: alone works inside a pod, or where KUBECONFIG is set: neither KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT nor KUBECONFIG are; name a kubeconfig, as in kubernetes:/etc/ipam/kubeconfig");
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        string?[] options = [Option("context", Context), Option("namespace", Namespace), Option("renewSeconds", RenewSeconds?.ToString(CultureInfo.InvariantCulture))];
        var given = string.Join('&', options.Where(static option => option is not null));
        return $"kubernetes:{Path}{(given.Length == 0 ? "" : $"?{given}")}";
    }

    private static string? Option(string name, string? value) => value is null ? null : $"{name}={Uri.EscapeDataString(value)}";
}
