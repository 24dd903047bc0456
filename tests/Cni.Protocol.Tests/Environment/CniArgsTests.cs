namespace Cni.Protocol.Tests;

public class CniArgsTests
{
    private const string Kubernetes =
        "IgnoreUnknown=1;K8S_POD_NAMESPACE=default;K8S_POD_NAME=web-0;K8S_POD_INFRA_CONTAINER_ID=9f86;K8S_POD_UID=0b6e;OTHER=1";

    [Fact]
    public void What_Kubernetes_runtimes_send_is_understood()
    {
        var args = CniArgs.Parse(Kubernetes, "IP");
        Assert.Equal(
            ("default", "web-0", "0b6e", "9f86"), (args.PodNamespace, args.PodName, args.PodUid, args.PodInfraContainerId));
        Assert.Null(args.Text("IP"));
        Assert.True(args.Flag("IgnoreUnknown"));
    }

    [Fact]
    public void An_empty_variable_has_no_keys()
    {
        var args = CniArgs.Parse("");
        Assert.Null(args.PodName);
        Assert.False(args.Flag("IgnoreUnknown"));
        Assert.Empty(args.List("IP"));
    }

    [Theory]
    [InlineData("IP=10.0.0.1;", "invalid pair \"\"")]
    [InlineData(";", "invalid pair \"\"")]
    [InlineData("IP", "invalid pair \"IP\"")]
    [InlineData("IP=a=b", "invalid pair \"IP=a=b\"")]
    [InlineData("IgnoreUnknown=1;;IP=1", "invalid pair \"\"")]
    public void Each_part_has_exactly_one_equals_sign(string text, string message) =>
        Expect.Error(4, "CNI_ARGS: " + message, () => CniArgs.Parse(text, "IP"));

    [Theory]
    [InlineData("A=1;IP=2;B=3", "unknown args [\"A=1\" \"B=3\"]")]
    [InlineData("ip=10.0.0.1", "unknown args [\"ip=10.0.0.1\"]")]
    [InlineData("A=1;IgnoreUnknown=0", "unknown args [\"A=1\"]")]
    [InlineData("IgnoreUnknown=1;A=1;IgnoreUnknown=false", "unknown args [\"A=1\"]")]
    public void Unknown_keys_are_refused(string text, string message) =>
        Expect.Error(4, "CNI_ARGS: " + message, () => CniArgs.Parse(text, "IP"));

    [Theory]
    [InlineData("A=1;IgnoreUnknown=1")]
    [InlineData("IgnoreUnknown=true;A=1")]
    [InlineData("A=1;IgnoreUnknown=True;B=")]
    public void IgnoreUnknown_anywhere_makes_them_acceptable(string text) => Assert.Null(CniArgs.Parse(text).Text("IP"));

    [Theory]
    [InlineData("IgnoreUnknown=yes")]
    [InlineData("IgnoreUnknown=")]
    [InlineData("A=1;IgnoreUnknown=2")]
    public void IgnoreUnknown_is_a_flag(string text) => Expect.ErrorWith(4, "CNI_ARGS: error parsing value of pair", () => CniArgs.Parse(text));

    [Fact]
    public void The_last_of_equal_keys_counts() => Assert.Equal("b", CniArgs.Parse("IP=a;IP=b", "IP").Text("IP"));

    [Fact]
    public void A_list_is_separated_by_commas() =>
        Assert.Equal(["10.0.0.1/24", "fd00::1/64"], CniArgs.Parse("IP=10.0.0.1/24,,fd00::1/64", "IP").List("IP"));

    [Fact]
    public void An_empty_value_is_nothing() => Assert.Null(CniArgs.Parse("IP=", "IP").Text("IP"));
}
