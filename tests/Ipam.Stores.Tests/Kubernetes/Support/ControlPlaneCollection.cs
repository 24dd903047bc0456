namespace Ipam.Stores.Tests.Kubernetes.Support;

/// <summary>Tests that share one control plane.</summary>
[CollectionDefinition(Name)]
public sealed class ControlPlaneCollection : ICollectionFixture<ControlPlane>
{
    public const string Name = "Kubernetes control plane";
}
