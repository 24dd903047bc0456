using System.Globalization;
using Ipam.Core.Stores;
using Ipam.Stores.Kubernetes.Client;
using Ipam.Stores.Kubernetes.Pools;
using k8s.Models;

namespace Ipam.Stores.Kubernetes.Notices;

/// <summary>Notices as Events, which <c>kubectl get events</c> and <c>kubectl describe</c> show. The API server keeps them for an hour.</summary>
/// <param name="client">The client.</param>
/// <param name="uidOf">The identity of a pool's object, by its name; empty if it isn't known.</param>
/// <param name="time">The clock.</param>
internal sealed class ClusterEvents(Func<IKubernetesClient> client, Func<string, string> uidOf, TimeProvider time) : INoticeBoard
{
    /// <summary>Events about objects that are in no namespace are in this one; the API server wants it so.</summary>
    private const string Space = "default";

    /// <summary>The most that the API server takes (kubernetes/pkg/apis/core/validation, NoteLengthLimit).</summary>
    private const int MostCharacters = 1024;

    /// <summary>What is left of a name of 253 characters when the time is added to it.</summary>
    private const int MostOfName = 230;

    /// <inheritdoc/>
    public async Task PostAsync(Notice notice, CancellationToken cancellationToken)
    {
        var kind = new PackageKind<Corev1Event>("", "v1", "events", notice.Namespace.Length > 0 ? notice.Namespace : Space);
        var now = time.GetUtcNow().UtcDateTime;
        var about = notice.Name.Length > MostOfName ? notice.Name[..MostOfName].TrimEnd('.', '-') : notice.Name;
        var written = new Corev1Event
        {
            ApiVersion = kind.ApiVersion,
            Kind = "Event",
            // Named as client-go names them.
            Metadata = new V1ObjectMeta { Name = string.Create(CultureInfo.InvariantCulture, $"{about}.{now.Ticks:x16}") },
            InvolvedObject = notice.Subject switch
            {
                NoticeSubject.Pool => new V1ObjectReference
                {
                    ApiVersion = CatalogKinds.Pools.ApiVersion,
                    Kind = CatalogKinds.Pools.Name,
                    Name = notice.Name,
                    Uid = uidOf(notice.Name),
                },
                NoticeSubject.Pod => new V1ObjectReference
                {
                    ApiVersion = "v1",
                    Kind = "Pod",
                    NamespaceProperty = notice.Namespace,
                    Name = notice.Name,
                    Uid = notice.Uid,
                },
                // Kubelet gives its events this identity, and kubectl describe looks for it.
                _ => new V1ObjectReference { ApiVersion = "v1", Kind = "Node", Name = notice.Name, Uid = notice.Name },
            },
            Type = notice.IsWarning ? "Warning" : "Normal",
            Reason = notice.Reason,
            Message = notice.Message.Length > MostCharacters ? $"{notice.Message.AsSpan(0, MostCharacters - 3)}..." : notice.Message,
            Source = new V1EventSource { Component = notice.By },
            FirstTimestamp = now,
            LastTimestamp = now,
            Count = 1,
        };
        await client().CreateAsync(kind, written, cancellationToken);
    }
}
