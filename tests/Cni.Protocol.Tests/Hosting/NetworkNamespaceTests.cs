using System.Globalization;

namespace Cni.Protocol.Tests;

[Collection(Processes.Collection)]
public class NetworkNamespaceTests
{
    [Theory]
    [InlineData("/proc/self/ns/net")]
    [InlineData("/proc/thread-self/ns/net")]
    public void The_threads_own_namespace_is_known_by_its_path_in_proc(string path) => Assert.True(NetworkNamespace.IsOwn(path));

    [Theory]
    [InlineData("/nowhere/at/all")]
    [InlineData("")]
    [InlineData("a\0b")]
    [InlineData("/tmp")]
    [InlineData("/etc/passwd")]
    [InlineData("/proc/self/ns/mnt")]
    public void What_is_not_there_or_no_network_namespace_is_not_the_own(string path) => Assert.False(NetworkNamespace.IsOwn(path));

    [Fact]
    public void A_FIFO_is_not_waited_for()
    {
        using var folder = new TempFolder();
        var fifo = folder.Combine("fifo");
        Command.Run("mkfifo", fifo);
        Assert.False(NetworkNamespace.IsOwn(fifo));
    }

    [RootFact]
    public void A_namespace_of_its_own_is_not_the_own()
    {
        var name = $"proto-{Guid.NewGuid():N}";
        Command.Run("ip", "netns", "add", name);
        try
        {
            var path = $"/run/netns/{name}";
            Assert.False(NetworkNamespace.IsOwn(path));
            Assert.NotNull(NetworkNamespace.Inode(path));
            Assert.Equal(NetworkNamespace.Inode(path), NetworkNamespace.FromMountInfo(File.ReadAllText("/proc/self/mountinfo"), path));
        }
        finally
        {
            Command.Run("ip", "netns", "del", name);
        }
    }

    [RootFact]
    public void A_bind_mount_of_the_own_namespace_is_the_own_also_through_a_link()
    {
        using var folder = new TempFolder();
        var (mount, link) = (folder.Combine("own"), folder.Combine("link"));
        File.WriteAllText(mount, "");
        File.CreateSymbolicLink(link, mount);
        Command.Run("mount", "--bind", "/proc/self/ns/net", mount);
        try
        {
            Assert.True(NetworkNamespace.IsOwn(mount));
            Assert.True(NetworkNamespace.IsOwn(link));
            // The way for kernels whose fdinfo has no inode.
            Assert.Equal(NetworkNamespace.Inode(mount), NetworkNamespace.FromMountInfo(File.ReadAllText("/proc/self/mountinfo"), mount));
        }
        finally
        {
            Command.Run("umount", mount);
        }
    }

    [Fact]
    public void Fdinfo_tells_the_inode_where_it_has_one()
    {
        Assert.Equal(4026531833, NetworkNamespace.FromFdInfo("pos:\t0\nflags:\t0100000\nmnt_id:\t3\nino:\t4026531833\n"u8));
        Assert.Null(NetworkNamespace.FromFdInfo("pos:\t0\nflags:\t0100000\nmnt_id:\t3\n"u8));
        Assert.Null(NetworkNamespace.FromFdInfo(""u8));
    }

    [Theory]
    [InlineData("net:[4026531840]", 4026531840L)]
    [InlineData("mnt:[4026531840]", null)]
    [InlineData("net:[]", null)]
    [InlineData("net:[-1]", null)]
    [InlineData("/run/netns/x", null)]
    [InlineData("", null)]
    public void The_label_of_a_namespace_tells_its_inode(string label, long? inode) => Assert.Equal(inode, NetworkNamespace.FromLabel(label));

    [Fact]
    public void The_last_mount_at_a_place_counts()
    {
        const string MountInfo =
            "36 35 98:0 / / rw shared:1 - ext4 /dev/root rw\n" +
            "40 36 0:4 net:[4026532000] /run/netns/x rw shared:2 - nsfs nsfs rw\n" +
            "41 36 0:4 net:[4026532001] /run/netns/x rw - nsfs nsfs rw\n" +
            "42 36 0:4 mnt:[4026532002] /run/mntns/y rw - nsfs nsfs rw\n";
        Assert.Equal(4026532001, NetworkNamespace.FromMountInfo(MountInfo, "/run/netns/x"));
        Assert.Null(NetworkNamespace.FromMountInfo(MountInfo, "/run/mntns/y"));
        Assert.Null(NetworkNamespace.FromMountInfo(MountInfo, "/run/netns/z"));
    }

    [Fact]
    public void The_inode_is_the_one_that_the_link_shows()
    {
        var link = new FileInfo("/proc/self/ns/net").LinkTarget;
        Assert.Equal(link, $"net:[{NetworkNamespace.Inode("/proc/self/ns/net")!.Value.ToString(CultureInfo.InvariantCulture)}]");
    }
}
