using Xunit.Abstractions;
using Xunit.Sdk;

namespace Ipam.Stores.Tests.Kubernetes.Support;

/// <summary>Finds tests as xunit does, but those of a class that lacks its control plane as skipped.</summary>
public sealed class FactOfItsClassDiscoverer(IMessageSink sink) : IXunitTestCaseDiscoverer
{
    public IEnumerable<IXunitTestCase> Discover(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute)
    {
        if (Assets.WhyMissing is { } reason && testMethod.TestClass.Class.GetCustomAttributes(typeof(NeedsControlPlaneAttribute)).Any())
            return [new SkippedTestCase(sink, discoveryOptions.MethodDisplayOrDefault(), discoveryOptions.MethodDisplayOptionsOrDefault(), testMethod, reason)];
        IXunitTestCaseDiscoverer ordinary = testMethod.Method.GetCustomAttributes(typeof(Xunit.TheoryAttribute)).Any()
            ? new TheoryDiscoverer(sink)
            : new FactDiscoverer(sink);
        return ordinary.Discover(discoveryOptions, testMethod, factAttribute);
    }
}
