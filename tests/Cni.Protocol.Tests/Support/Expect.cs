namespace Cni.Protocol.Tests;

/// <summary>Assertions on errors of the protocol.</summary>
internal static class Expect
{
    public static CniError Error(int code, string message, Action act)
    {
        var error = Assert.Throws<CniException>(act).Error;
        Assert.Equal((code, message), (error.Code, error.Message));
        return error;
    }

    public static CniError ErrorWith(int code, string part, Action act)
    {
        var error = Assert.Throws<CniException>(act).Error;
        Assert.Equal(code, error.Code);
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
        return error;
    }
}
