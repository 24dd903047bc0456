using System.Net;
using Cni.Protocol;

namespace Ipam.Service.Tests.Support;

/// <summary>What the service answered to a call.</summary>
internal sealed record ServiceAnswer(HttpStatusCode Status, string ContentType, string Body)
{
    /// <summary>What of it nobody on the wire is to be asked for.</summary>
    public string Moved { get; init; } = "";

    public CniError Error => Assert.IsType<CniError>(CniError.TryParse(System.Text.Encoding.UTF8.GetBytes(Body)));

    /// <summary>The addresses of a result, with prefix length, separated by spaces.</summary>
    public string Addresses => string.Join(' ', CniResult.Parse(System.Text.Encoding.UTF8.GetBytes(EnsureOk().Body), CniVersion.Newest).Ips
        .Select(static ip => $"{ip.Address}/{ip.PrefixLength}"));

    public ServiceAnswer EnsureOk()
    {
        Assert.True(Status == HttpStatusCode.OK, $"{(int)Status}: {Body}");
        return this;
    }

    public CniError EnsureError(int code)
    {
        Assert.NotEqual(HttpStatusCode.OK, Status);
        Assert.Equal("application/json", ContentType);
        Assert.True(Error.Code == code, $"wanted code {code}: {Body}");
        return Error;
    }
}
