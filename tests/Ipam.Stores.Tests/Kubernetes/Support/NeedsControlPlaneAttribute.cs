namespace Ipam.Stores.Tests.Kubernetes.Support;

/// <summary>Marks a class whose tests, inherited ones too, are skipped where there is no control plane.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class NeedsControlPlaneAttribute : Attribute;
