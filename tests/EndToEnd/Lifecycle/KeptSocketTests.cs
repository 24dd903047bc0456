using System.Net.Sockets;
using EndToEnd.Support;

namespace EndToEnd.Lifecycle;

/// <summary>A socket that somebody else listens on, and hands over to one ipamd after the other: as systemd does for ipamd.socket.</summary>
public sealed class KeptSocketTests : WholeMachineTests, IDisposable
{
    private readonly Site _site = new();

    public void Dispose() => _site.Dispose();

    [RootFact("systemd-socket-activate", "bash")]
    public async Task A_call_that_comes_between_a_stop_and_the_next_start_is_answered_after_the_start()
    {
        var network = new NetworkConfig("kept") { Wait = 15 };
        await using var keeper = SocketKeeper.Launch(_site);
        await keeper.WaitAsync();
        var first = Task.Run(() => _site.Add(network, "first"));
        await keeper.StartIpamdAsync();
        (await first).EnsureSuccess();
        var inode = Inode();

        Assert.Equal(0, await keeper.StopIpamdAsync());
        Assert.Equal(inode, Inode());
        var add = Task.Run(() => _site.Add(network, "between"));
        var del = Task.Run(() => _site.Del(network, "first"));
        // Unlike the plugin, this one asks once, and so does a DEL.
        using var http = new ServiceHttp(_site.Socket);
        var health = http.GetAsync("/healthz");
        await Task.Delay(TimeSpan.FromSeconds(1));
        Assert.False(add.IsCompleted || del.IsCompleted || health.IsCompleted);
        await keeper.StartIpamdAsync();

        Assert.Equal("ok\n", await health);
        (await add).EnsureSuccess();
        (await del).EnsureSuccess();
        Assert.Equal(0, await keeper.StopIpamdAsync());
        Assert.Equal(inode, Inode());
    }

    [RequiresFact("systemd-socket-activate")]
    public async Task A_socket_at_another_path_is_refused()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_site.Socket)!);
        string[] command = [Repository.Ipamd, "--store", _site.Store, "--spool", _site.Spool, "--socket", _site.PathOf("run/another.sock")];
        var activation = Task.Run(() => Command.TryRun(
            "systemd-socket-activate", [$"--setenv=DOTNET_ROOT={Environment.GetEnvironmentVariable("DOTNET_ROOT")}", $"--listen={_site.Socket}", .. command]));
        await Wait.UntilAsync(() => CanConnect(_site.Socket), "somebody who listens");

        var refused = await activation;
        Assert.Equal(1, refused.ExitCode);
        Assert.EndsWith(
            $"ipamd: systemd hands over {_site.Socket}, wanted is the unix socket {_site.PathOf("run/another.sock")}: make ListenStream= of ipamd.socket and ipamd's --socket the same\n",
            refused.Stderr, StringComparison.Ordinal);
    }

    /// <summary>The file is there a moment before anybody listens.</summary>
    private static bool CanConnect(string path)
    {
        using var call = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            call.Connect(new UnixDomainSocketEndPoint(path));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private string Inode() => Command.Run("stat", "-c", "%i %a", _site.Socket);
}
