using Cni.Protocol;

namespace Ipam.Configuration.Tests.Support;

/// <summary>Assertions on errors of the protocol.</summary>
internal static class Expect
{
    public static CniError Error(int code, string message, Action act)
    {
        var error = Assert.Throws<CniException>(act).Error;
        Assert.Equal(message, error.Message);
        Assert.Equal(code, error.Code);
        return error;
    }
}
