using System.ComponentModel;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace Testing;

/// <summary>A test that is skipped because of what its class needs.</summary>
public sealed class SkippedTestCase : XunitTestCase
{
    private string _reason = "";

    /// <summary>For the framework, which makes it anew from what <see cref="Serialize"/> wrote.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    [Obsolete("for the framework")]
    public SkippedTestCase()
    {
    }

    public SkippedTestCase(IMessageSink sink, TestMethodDisplay display, TestMethodDisplayOptions options, ITestMethod method, string reason)
        : base(sink, display, options, method) => _reason = reason;

    public override void Serialize(IXunitSerializationInfo data)
    {
        data.AddValue("reason", _reason);
        base.Serialize(data);
    }

    public override void Deserialize(IXunitSerializationInfo data)
    {
        _reason = data.GetValue<string>("reason");
        base.Deserialize(data);
    }

    protected override string GetSkipReason(IAttributeInfo factAttribute) => _reason;
}
