namespace Cni.Protocol.Tests.Hosting;

public sealed class NamespaceMarkTests
{
    [Theory]
    [InlineData("/proc/self/ns/net")]
    [InlineData("/proc/thread-self/ns/net")]
    public void A_path_in_proc_leads_to_a_namespace(string path)
    {
        Assert.Equal(NetworkNamespace.Inode(path), NamespaceMark.Look(path));
        Assert.Equal(new NamespaceMark(MonotonicMoment.ThisBoot(), NamespaceMark.Look(path)!.Value), NamespaceMark.Of(path));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/dev/null")]
    [InlineData("/proc/self/status")]
    public void Another_file_is_no_namespace(string path) => Assert.Equal(0u, NamespaceMark.Look(path));

    [Theory]
    [InlineData("")]
    [InlineData("/there-is-none")]
    [InlineData("/dev/null/x")]
    [InlineData("/proc/0/ns/net")]
    public void Nothing_is_no_namespace(string path)
    {
        Assert.Null(NamespaceMark.Look(path));
        Assert.Equal(NamespaceMark.None, NamespaceMark.Of(path));
    }

    [Fact]
    public void What_is_written_is_read() => Assert.Equal(new NamespaceMark("1f2e3d4c-0", uint.MaxValue), NamespaceMark.Parse(new NamespaceMark("1f2e3d4c-0", uint.MaxValue).ToString()));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("@1")]
    [InlineData("boot@")]
    [InlineData("boot@0")]
    [InlineData("boot@-1")]
    [InlineData("boot@4294967296")]
    [InlineData("boot@1 ")]
    public void Other_texts_say_nothing(string? text) => Assert.Equal(NamespaceMark.None, NamespaceMark.Parse(text));
}
