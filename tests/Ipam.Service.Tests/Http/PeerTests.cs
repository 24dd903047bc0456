using Ipam.Service.Tests.Support;

namespace Ipam.Service.Tests.Http;

/// <summary>Only root may ask, even where the socket's mode would let others.</summary>
public sealed class PeerTests : IAsyncLifetime
{
    private const string Ask = """
        use IO::Socket::UNIX;
        my $socket = IO::Socket::UNIX->new(Peer => $ARGV[0]) or die "connect: $!";
        print $socket "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
        print <$socket>;
        """;

    private TestDaemon _daemon = null!;

    public async Task InitializeAsync() => _daemon = await TestDaemon.StartAsync();

    public async Task DisposeAsync() => await _daemon.DisposeAsync();

    [Fact]
    public void Socket_and_folder_are_the_owners_alone()
    {
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_daemon.Options.Socket));
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
            File.GetUnixFileMode(Path.GetDirectoryName(_daemon.Options.Socket)!));
    }

    [RootFact]
    public void Another_user_is_dropped_without_an_answer()
    {
        const UnixFileMode everybody = (UnixFileMode)0b111_111_111;
        var folder = Path.GetDirectoryName(_daemon.Options.Socket)!;
        File.SetUnixFileMode(Path.GetDirectoryName(folder)!, everybody);
        File.SetUnixFileMode(folder, everybody);
        File.SetUnixFileMode(_daemon.Options.Socket, everybody);

        Assert.Contains("200 OK", Command.Run("perl", "-e", Ask, _daemon.Options.Socket), StringComparison.Ordinal);
        var outcome = Command.TryRun(
            "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "perl", "-e", Ask, _daemon.Options.Socket);

        Assert.Equal("", outcome.Stdout + outcome.Stderr);
    }
}
