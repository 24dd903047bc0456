using Xunit.Sdk;

namespace Ipam.Stores.Tests.Kubernetes.Support;

/// <summary>What [Theory] means in this project; see <see cref="ContractFactAttribute"/>.</summary>
[XunitTestCaseDiscoverer("Ipam.Stores.Tests.Kubernetes.Support.FactOfItsClassDiscoverer", "Ipam.Stores.Tests")]
[AttributeUsage(AttributeTargets.Method)]
public class ContractTheoryAttribute : Xunit.TheoryAttribute;
