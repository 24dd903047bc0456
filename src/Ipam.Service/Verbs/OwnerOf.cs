using Ipam.Core.Blocks;

namespace Ipam.Service.Verbs;

/// <summary>Who a request is about.</summary>
internal static class OwnerOf
{
    public static Owner Request(VerbRequest request) =>
        new(request.Network.Name, request.Environment.ContainerId, request.Environment.IfName);
}
