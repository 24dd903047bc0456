using Xunit.Abstractions;
using Xunit.Sdk;

namespace Testing;

/// <summary>Finds tests as xunit does, but those of a class that lacks what it needs as skipped.</summary>
public sealed class FactOfItsClassDiscoverer(IMessageSink sink) : IXunitTestCaseDiscoverer
{
    public IEnumerable<IXunitTestCase> Discover(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute)
    {
        var needs = testMethod.TestClass.Class.GetCustomAttributes(typeof(NeedsAttribute)).FirstOrDefault();
        if (needs?.GetNamedArgument<string?>(nameof(NeedsAttribute.WhyMissing)) is { } reason)
            return [new SkippedTestCase(sink, discoveryOptions.MethodDisplayOrDefault(), discoveryOptions.MethodDisplayOptionsOrDefault(), testMethod, reason)];
        IXunitTestCaseDiscoverer ordinary = testMethod.Method.GetCustomAttributes(typeof(TheoryAttribute)).Any()
            ? new TheoryDiscoverer(sink)
            : new FactDiscoverer(sink);
        return ordinary.Discover(discoveryOptions, testMethod, factAttribute);
    }
}
