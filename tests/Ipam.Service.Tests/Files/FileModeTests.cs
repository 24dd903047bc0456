using System.Diagnostics;
using System.Text;
using Cni.Protocol;
using Ipam.Service.Tests.Support;

namespace Ipam.Service.Tests.Files;

/// <summary>Files and folders that somebody else made, or could have changed: what ipamd does with each is in a table.</summary>
public sealed class FileModeTests : IDisposable
{
    private const string Stranger = "12345";

    private static readonly string Network = NetworkJson.Text("\"subnet\": \"10.4.0.0/24\"");

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>What is done to the spooled DEL of a container (FILE) or to its folder (FOLDER), and what becomes of its lease and of another's DEL in the same folder.</summary>
    public static TheoryData<string, bool, bool, string> Spools => new()
    {
        { "true", true, true, "" },
        { "chmod 0600 FILE", true, true, "" },
        { "chmod 0644 FILE", true, true, "" },
        { "chmod 0666 FILE", false, true, "net~c1~eth0.json.corrupt" },
        { "chmod 0620 FILE", false, true, "net~c1~eth0.json.corrupt" },
        { $"chown {Stranger} FILE", false, true, "net~c1~eth0.json.corrupt" },
        { "mv FILE FILE.txt && ln -s FILE.txt FILE", false, true, "net~c1~eth0.json.corrupt net~c1~eth0.json.txt" },
        { "ln -sf /dev/zero FILE", false, true, "net~c1~eth0.json.corrupt" },
        { "ln -sf /there/is/nothing FILE", false, true, "net~c1~eth0.json.corrupt" },
        { "rm FILE && mkfifo FILE", false, true, "net~c1~eth0.json.corrupt" },
        { "rm FILE && mkdir FILE", false, true, "net~c1~eth0.json" },
        { "truncate -s 40M FILE", false, true, "net~c1~eth0.json.corrupt" },
        { "chmod 0777 FOLDER", true, true, "" },
        { "chmod 0750 FOLDER", true, true, "" },
        { $"chown {Stranger} FOLDER", false, false, "net~c1~eth0.json net~c2~eth0.json" },
        { "mv FOLDER FOLDER.real && ln -s FOLDER.real FOLDER", false, false, "net~c1~eth0.json net~c2~eth0.json" },
    };

    [RootTheory]
    [MemberData(nameof(Spools))]
    public async Task What_others_may_have_written_into_the_spool_releases_nothing(string command, bool isReleased, bool isOtherReleased, string left)
    {
        await using var daemon = await TestDaemon.StartAsync();
        (await daemon.Client.CallAsync("add", Network, "c1")).EnsureOk();
        (await daemon.Client.CallAsync("add", Network, "c2")).EnsureOk();
        // Made elsewhere, so that it isn't seen before it is as it should be.
        var elsewhere = _folder.Combine("spool");
        Spool(elsewhere, "c1");
        Spool(elsewhere, "c2");
        Directory.CreateDirectory(daemon.Options.Spool);
        Shell(command.Replace("FILE", $"{elsewhere}/net~c1~eth0.json", StringComparison.Ordinal).Replace("FOLDER", daemon.Options.Spool, StringComparison.Ordinal));
        Shell($"mv {elsewhere}/* {daemon.Options.Spool}/");

        if (isOtherReleased)
            await Wait.UntilAsync(() => !File.Exists(Path.Combine(daemon.Options.Spool, "net~c2~eth0.json")));
        else
            await Task.Delay(TimeSpan.FromSeconds(2.5));
        await Wait.UntilAsync(() => Left(daemon) == left);

        Assert.Equal(isReleased ? 0 : 1, (await daemon.LeasesOf("c1")).Count);
        Assert.Equal(isOtherReleased ? 0 : 1, (await daemon.LeasesOf("c2")).Count);
        if (isOtherReleased)
            Assert.Equal("700", Octal(daemon.Options.Spool));
        // Nor is the ADD of the same owner kept waiting.
        (await daemon.Client.CallAsync("add", Network, "c1")).EnsureOk();
        if (isOtherReleased)
            return;
        Assert.Equal(left, Left(daemon));
        // Nothing is promised either that nobody would carry out.
        daemon.Store.Break("the store is down");
        var error = (await daemon.Client.CallAsync("del", Network, "c2")).EnsureError(11);
        Assert.Matches("^and the release can't be written to .*/spool for later: the folder .*/spool (is a link, wanted is a folder; move it away|belongs to uid [0-9]+, wanted is 0; )", error.Details);
    }

    /// <summary>What is done before ipamd starts, and what it says: an empty text if it serves.</summary>
    public static TheoryData<string, string> Sockets => new()
    {
        { "true", "" },
        { "touch LOCK && chmod 0666 LOCK", "" },
        { "ln -s /etc/hostname LOCK", "is a link, wanted is the lock file of" },
        { "mkfifo LOCK", "is a FIFO, wanted is the lock file of" },
        { "mkdir LOCK", "is a folder, wanted is the lock file of" },
        { "ln -s /there/is/nothing SOCKET", "is there and is not a socket" },
        { "ln -s /etc/hostname SOCKET", "is there and is not a socket" },
        { "chmod 0777 FOLDER", "" },
        { "chmod 1777 FOLDER", "" },
        { $"chown {Stranger} FOLDER", $"belongs to uid {Stranger}, wanted is 0" },
    };

    [RootTheory]
    [MemberData(nameof(Sockets))]
    public async Task A_lock_or_a_socket_is_no_link_and_nobody_else_can_put_one_there(string command, string said)
    {
        var folder = _folder.Combine("run");
        var socket = $"{folder}/ipamd.sock";
        Directory.CreateDirectory(folder);
        Shell(command.Replace("LOCK", $"{socket}.lock", StringComparison.Ordinal).Replace("SOCKET", socket, StringComparison.Ordinal).Replace("FOLDER", folder, StringComparison.Ordinal));
        Task<TestDaemon> StartAsync() => TestDaemon.StartAsync(options => options with { Socket = socket }, static _ => { });

        if (said.Length > 0)
        {
            Assert.Contains(said, (await Assert.ThrowsAsync<IOException>(StartAsync)).Message, StringComparison.Ordinal);
            return;
        }
        await using var daemon = await StartAsync();
        await daemon.WhenReady;
        Assert.Equal(("600", "600"), (Octal($"{socket}.lock"), Octal(socket)));
        var mode = Octal(folder);
        Assert.True(mode is "1777" || (Convert.ToInt32(mode, 8) & 0x12) == 0, mode);
    }

    /// <summary>What resolvConf names, and what ADD answers: a code, or 0.</summary>
    public static TheoryData<string, int> Resolvers => new()
    {
        { "echo nameserver 10.0.0.1 > FILE", 0 },
        { "echo nameserver 10.0.0.1 > FILE.real && ln -s FILE.real FILE", 0 },
        { "yes '# a comment' | head -c 65536 > FILE", 0 },
        { "yes '# a comment' | head -c 65537 > FILE", 7 },
        { "mkfifo FILE", 7 },
        { "ln -s /dev/zero FILE", 7 },
        { "mkdir FILE", 7 },
        { "true", 7 },
    };

    [RequiresTheory]
    [MemberData(nameof(Resolvers))]
    public async Task A_resolver_configuration_is_a_regular_file_and_read_at_once(string command, int code)
    {
        await using var daemon = await TestDaemon.StartAsync();
        var file = _folder.Combine("resolv.conf");
        Shell(command.Replace("FILE", file, StringComparison.Ordinal));
        var start = Stopwatch.GetTimestamp();

        var answer = await daemon.Client.CallAsync("add", NetworkJson.Text($"\"subnet\": \"10.4.0.0/24\", \"resolvConf\": \"{file}\""));

        if (code == 0)
            answer.EnsureOk();
        else
            answer.EnsureError(code);
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(3));
    }

    [Fact]
    public async Task With_a_FIFO_in_the_spool_SIGTERM_ends_it_as_ever()
    {
        Directory.CreateDirectory(_folder.Combine("spool"));
        Shell($"mkfifo {_folder.Combine("spool/net~c1~eth0.json")} && chmod 700 {_folder.Combine("spool")}");
        await using var ipamd = DaemonProcess.LaunchIn(_folder);
        await ipamd.UntilLoggedAsync("is set aside");
        var start = Stopwatch.GetTimestamp();

        ipamd.Signal("TERM");

        Assert.Equal(0, (await ipamd.ExitAsync()).Code);
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }

    private static string Left(TestDaemon daemon) => string.Join(' ', Directory.GetFileSystemEntries(daemon.Options.Spool).Select(static path => Path.GetFileName(path)).Where(static name => name.Contains('~', StringComparison.Ordinal)).Order());

    private static string Octal(string path) => Command.Run("stat", "-c", "%a", path).Trim();

    private static void Shell(string command) => Command.Run("sh", "-c", command);

    private static void Spool(string folder, string container) => new SpoolFolder(folder).Write(new SpooledRequest(
        "net",
        new CniEnvironment { Command = CniCommand.Del, ContainerId = container, IfName = "eth0" },
        Encoding.UTF8.GetBytes(Network),
        DateTimeOffset.UtcNow));
}
