using Cni.Protocol;
using Ipam.Core.Blocks;
using Ipam.Core.Pools;

namespace Ipam.Service.Configuration;

/// <summary>The pod that a request is for.</summary>
internal static class PodOf
{
    /// <summary>The same as pools see it.</summary>
    /// <exception cref="CniException">A part of it is longer than it may be.</exception>
    public static AskingPod Asking(CniArgs args) => new(
        RequestLimits.Checked(args.PodNamespace, CniArgs.PodNamespaceKey),
        RequestLimits.Checked(args.PodName, CniArgs.PodNameKey),
        RequestLimits.Checked(args.PodUid, CniArgs.PodUidKey));

    /// <summary>The pod that CNI_ARGS names; null if it names none.</summary>
    /// <exception cref="CniException">A part of it is longer than it may be.</exception>
    public static PodReference? Args(CniArgs args) =>
        RequestLimits.Checked(args.PodName, CniArgs.PodNameKey) is { } name
            ? new PodReference(
                RequestLimits.Checked(args.PodNamespace, CniArgs.PodNamespaceKey) ?? "", name, RequestLimits.Checked(args.PodUid, CniArgs.PodUidKey) ?? "")
            : null;
}
