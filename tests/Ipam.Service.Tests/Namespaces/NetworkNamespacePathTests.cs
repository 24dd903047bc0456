using Ipam.Service.Namespaces;
using Ipam.Service.Tests.Support;

namespace Ipam.Service.Tests.Namespaces;

/// <summary>Only a file that is missing from a folder that is there says that a container is gone.</summary>
public sealed class NetworkNamespacePathTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_missing_from_a_folder_that_is_there_is_gone() =>
        Assert.True(NetworkNamespacePath.IsGone(_folder.Combine("cni-gone")));

    [Fact]
    public void A_file_that_is_there_is_not()
    {
        File.WriteAllText(_folder.Combine("cni-here"), "");
        Assert.False(NetworkNamespacePath.IsGone(_folder.Combine("cni-here")));
    }

    [Fact]
    public void A_folder_that_is_missing_says_nothing_as_in_a_pod_that_does_not_see_the_nodes() =>
        Assert.False(NetworkNamespacePath.IsGone(_folder.Combine("netns/cni-unknown")));

    [Theory]
    [InlineData("")]
    [InlineData("cni-x")]
    [InlineData("tmp/../cni-x")]
    [InlineData("/proc/4194305/ns/net")]
    [InlineData("/proc/4194305")]
    [InlineData("/tmp/../proc/4194305")]
    [InlineData("/tmp/\0")]
    [InlineData("/")]
    public void Neither_do_paths_that_mean_something_else_to_ipamd(string path) => Assert.False(NetworkNamespacePath.IsGone(path));
}
