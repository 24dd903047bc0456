using System.Globalization;
using Ipam.Stores.Kubernetes.Client;
using Ipam.Stores.Text;

namespace Ipam.Stores.Kubernetes.Pools;

/// <summary>
/// A number for what an object's spec is: it changes with the spec, with each write of ours and with the object's identity, but not with
/// the status, which the resourceVersion would. Below 2^53.
/// </summary>
internal static class SpecVersion
{
    private const int HashBytes = 4;
    private const int GenerationBits = 20;

    public static long Of(ObjectMeta meta)
    {
        var identity = long.Parse(SafeName.Hash($"{meta.Uid} {meta.Written}", HashBytes), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        return (identity << GenerationBits) | (meta.Generation & ((1 << GenerationBits) - 1));
    }
}
