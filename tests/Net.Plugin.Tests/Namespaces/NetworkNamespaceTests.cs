using Net.Plugin.Namespaces;
using Net.Plugin.Netlink;
using Net.Plugin.Netlink.Links;
using Net.Plugin.Tests.Support;

namespace Net.Plugin.Tests.Namespaces;

public class NetworkNamespaceTests
{
    [RootFact("ip")]
    public void Work_runs_inside_and_the_caller_stays_where_it_was()
    {
        using var other = new TestNamespace();
        other.AddLink("d0");
        var before = File.ReadAllText("/proc/thread-self/net/dev");
        var inside = other.Namespace.Run(() => File.ReadAllText("/proc/thread-self/net/dev"));
        Assert.Contains("d0", inside, StringComparison.Ordinal);
        Assert.Equal(Names(before), Names(File.ReadAllText("/proc/thread-self/net/dev")));
    }

    [RootFact("ip")]
    public void A_netlink_socket_opened_inside_works_from_outside_after_the_thread_has_ended()
    {
        using var other = new TestNamespace();
        other.AddLink("d0");
        using var socket = other.Namespace.Run(() => NetlinkSocket.Open(NetlinkProtocol.Route));
        Assert.NotNull(socket.FindLink("d0"));
        using var own = NetlinkSocket.Open(NetlinkProtocol.Route);
        Assert.Null(own.FindLink("d0"));
    }

    [RootFact("ip")]
    public void What_the_work_throws_arrives_at_the_caller()
    {
        using var other = new TestNamespace();
        var error = Assert.Throws<InvalidOperationException>(() => other.Namespace.Run<int>(() => throw new InvalidOperationException("inside")));
        Assert.Equal("inside", error.Message);
    }

    [RootFact("ip")]
    public void The_same_namespace_is_recognised_by_any_path()
    {
        using var other = new TestNamespace();
        using var again = NetworkNamespace.Open($"/proc/self/fd/{other.Namespace.File.Number}");
        using var own = NetworkNamespace.OpenOwn();
        using var ownAgain = NetworkNamespace.Open("/proc/self/ns/net");
        Assert.True(other.Namespace.IsSameAs(again));
        Assert.True(own.IsSameAs(ownAgain));
        Assert.False(own.IsSameAs(other.Namespace));
    }

    [RootFact("ip")]
    public void An_open_namespace_outlives_its_name()
    {
        using var other = new TestNamespace();
        other.AddLink("d0");
        Command.Run("ip", "netns", "delete", other.Name);
        Assert.NotNull(other.OpenRoute().FindLink("d0"));
        Assert.Null(NetworkNamespace.TryOpen(other.FilePath));
    }

    [Theory]
    [InlineData("/run/netns/there-is-no-such-file")]
    [InlineData("/proc/4194305/ns/net")]
    [InlineData("/etc/passwd/net")]
    public void A_path_with_nothing_there_is_null_or_an_error_that_names_it(string path)
    {
        Assert.Null(NetworkNamespace.TryOpen(path));
        var error = Assert.Throws<NamespaceException>(() => NetworkNamespace.Open(path));
        Assert.Equal($"failed to open netns \"{path}\": no such file or directory; it must name a network namespace that exists", error.Message);
    }

    [Fact]
    public void A_file_of_another_kind_is_refused()
    {
        var path = Path.GetTempFileName();
        try
        {
            var error = Assert.Throws<NamespaceException>(() => NetworkNamespace.TryOpen(path));
            Assert.Contains("unknown FS magic", error.Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_pipe_nobody_writes_to_is_refused_and_not_waited_for()
    {
        var path = Path.Combine(Path.GetTempPath(), $"nptp-{Guid.NewGuid():N}");
        Command.Run("mkfifo", path);
        try
        {
            Assert.Throws<NamespaceException>(() => NetworkNamespace.TryOpen(path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [RootFact("ip")]
    public void A_namespace_of_another_sort_is_refused_when_it_is_entered()
    {
        using var mounts = NetworkNamespace.Open("/proc/self/ns/mnt");
        var error = Assert.Throws<NamespaceException>(() => mounts.Run(() => 0));
        Assert.Equal("failed to open netns \"/proc/self/ns/mnt\": it is no network namespace", error.Message);
    }

    private static string[] Names(string networkDevices) =>
        [.. networkDevices.Split('\n').Where(line => line.Contains(':', StringComparison.Ordinal)).Select(line => line.Split(':')[0].Trim())];
}
