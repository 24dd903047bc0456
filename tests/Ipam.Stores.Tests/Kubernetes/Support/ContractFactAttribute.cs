using Xunit.Sdk;

namespace Ipam.Stores.Tests.Kubernetes.Support;

/// <summary>What [Fact] means in this project: as ever, but a class may say that its tests need a control plane.</summary>
[XunitTestCaseDiscoverer("Ipam.Stores.Tests.Kubernetes.Support.FactOfItsClassDiscoverer", "Ipam.Stores.Tests")]
[AttributeUsage(AttributeTargets.Method)]
public class ContractFactAttribute : Xunit.FactAttribute;
