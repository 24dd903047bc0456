using System.Text;

namespace Cni.Protocol.Tests;

#pragma warning disable CA1416 // The tests run on Linux.

public sealed class SpoolFolderTests : IDisposable
{
    private static readonly DateTimeOffset Time = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly CniAttachment Owner = new("c1", "eth0");

    private readonly TempFolder _parent = new();
    private readonly string _folder;
    private readonly SpoolFolder _store;

    public SpoolFolderTests()
    {
        _folder = _parent.Combine("deep/spool");
        _store = new SpoolFolder(_folder);
    }

    public void Dispose() => _parent.Dispose();

    private static SpooledRequest Request(string containerId = "c1", string ifName = "eth0", string stdin = "{}", string network = "net") => new(
        network,
        new CniEnvironment
        {
            Command = CniCommand.Del,
            ContainerId = containerId,
            IfName = ifName,
            NetNs = "/run/netns/\u00e4 \"x\"",
            Args = "K8S_POD_NAME=web;IgnoreUnknown=1",
            Path = "/opt/cni/bin",
            NetNsOverride = "1",
        },
        Encoding.UTF8.GetBytes(stdin),
        Time.AddTicks(1))
    {
        Id = "1",
        Asked = new MonotonicMoment("a boot time:[4026531834]", 12),
    };

    private string[] AllFiles() => [.. Directory.EnumerateFiles(_folder).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];

    [Fact]
    public void What_is_written_is_read_back_to_the_last_byte()
    {
        byte[] stdin = [.. Enumerable.Range(0, 256).Select(b => (byte)b)];
        var request = Request() with { Stdin = stdin };
        _store.Write(request);
        var read = SpoolFolder.Read(Assert.Single(_store.List()));
        Assert.True(read.IsSameAs(request));
        Assert.Equal((request.Environment, request.Time, "net", request.Id, request.Asked), (read.Environment, read.Time, read.Network, read.Id, read.Asked));
        Assert.Equal(stdin, read.Stdin.ToArray());
    }

    [RootTheory]
    [InlineData("mv FOLDER FOLDER.real && ln -s FOLDER.real FOLDER", "is a link, wanted is a folder")]
    [InlineData("rm -r FOLDER && ln -s /there/is/none FOLDER", "is a link, wanted is a folder")]
    [InlineData("rm -r FOLDER && mkfifo FOLDER", "is a FIFO, wanted is a folder")]
    [InlineData("chown 12345 FOLDER", "belongs to uid 12345, wanted is 0; nothing in it is carried out")]
    public void What_is_no_folder_of_ones_own_is_neither_written_nor_read(string command, string why)
    {
        _store.Write(Request());
        Command.Run("sh", "-c", command.Replace("FOLDER", _folder, StringComparison.Ordinal));

        foreach (var store in (SpoolFolder[])[_store, new SpoolFolder(_folder + "/"), new SpoolFolder(_folder + "/.")])
        {
            Assert.StartsWith($"the folder {_folder} {why}", Assert.Throws<IOException>(() => store.Write(Request("c2"))).Message, StringComparison.Ordinal);
            Assert.StartsWith($"the folder {_folder} {why}", Assert.Throws<InvalidDataException>(() => store.TryRead("net", Owner)).Message, StringComparison.Ordinal);
            Assert.StartsWith($"the folder {_folder} {why}", Assert.Throws<InvalidDataException>(store.Secure).Message, StringComparison.Ordinal);
            store.CleanUp();
        }
        Assert.False(File.Exists(Path.Combine(_folder, "net~c2~eth0.json")));
    }

    [Fact]
    public void What_others_may_do_with_the_folder_is_taken_away_by_who_writes()
    {
        _store.Write(Request());
        Command.Run("chmod", "0777", _folder);

        _store.Write(Request("c2"));

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_folder));
    }

    [Fact]
    public void The_name_says_whose_it_is_and_nobody_else_may_read_it()
    {
        _store.Write(Request());
        Assert.Equal(["net~c1~eth0.json"], AllFiles());
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_folder, "net~c1~eth0.json")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_folder));
    }

    [Fact]
    public void An_owner_has_one_request_and_the_last_one_counts()
    {
        _store.Write(Request(stdin: "first"));
        _store.Write(Request(stdin: "second"));
        _store.Write(Request(ifName: "eth1"));
        Assert.Equal(["net~c1~eth0.json", "net~c1~eth1.json"], AllFiles());
        Assert.Equal("second", Encoding.UTF8.GetString(_store.TryRead("net", Owner)!.Stdin.Span));
    }

    [Fact]
    public void An_owner_without_request_has_none()
    {
        Assert.Empty(_store.List());
        Assert.False(_store.Contains("net", Owner));
        Assert.Null(_store.TryRead("net", Owner));
        Assert.False(_store.Delete(Request()));
        _store.CleanUp();
        _store.Write(Request());
        Assert.True(_store.Contains("net", Owner));
        Assert.False(_store.Contains("other", Owner));
        Assert.False(_store.Contains("net", new CniAttachment("c1", "eth1")));
    }

    [Fact]
    public void A_served_request_is_taken_away()
    {
        _store.Write(Request());
        Assert.True(_store.Delete(_store.TryRead("net", Owner)!));
        Assert.Empty(AllFiles());
    }

    [Fact]
    public void A_newer_request_of_the_same_owner_survives_the_deletion_of_the_older()
    {
        var served = Request(stdin: "older");
        _store.Write(Request(stdin: "newer"));
        Assert.False(_store.Delete(served));
        Assert.Equal("newer", Encoding.UTF8.GetString(_store.TryRead("net", Owner)!.Stdin.Span));
        Assert.Single(AllFiles());
    }

    [Fact]
    public void A_later_time_alone_makes_it_another_request()
    {
        _store.Write(Request() with { Time = Time.AddSeconds(1) });
        Assert.False(_store.Delete(Request()));
        Assert.Single(AllFiles());
    }

    [Theory]
    [InlineData(300)]
    [InlineData(222)]
    public void A_long_name_is_replaced_by_a_hash(int length)
    {
        var request = Request(containerId: new string('a', length));
        _store.Write(request);
        var name = Assert.Single(AllFiles());
        Assert.Matches(length == 300 ? "^[0-9a-f]{32}~long\\.json$" : "^net~a+~eth0\\.json$", name);
        Assert.True(_store.Contains("net", request.Environment.Attachment));
        Assert.True(SpoolFolder.Read(_store.List()[0]).IsSameAs(request));
        Assert.True(_store.Delete(request));
    }

    [Fact]
    public void The_hash_is_FNV_1a_and_names_of_up_to_240_bytes_stay()
    {
        // Test vectors of draft-eastlake-fnv.
        Assert.Equal("6c62272e07bb014262b821756295c58d", SpooledRequestName.Fnv1a(""u8).ToString("x32"));
        Assert.Equal("d228cb696f1a8caf78912b704e4a8964", SpooledRequestName.Fnv1a("a"u8).ToString("x32"));
        Assert.Equal("343e1662793c64bf6f0d3597ba446f18", SpooledRequestName.Fnv1a("foobar"u8).ToString("x32"));
        var longest = SpooledRequestName.Of("n", new CniAttachment(new string('c', 240 - "n~~eth0.json".Length), "eth0"));
        Assert.Equal(240, longest.Length);
        Assert.Equal(
            "~long.json".Length + 32, SpooledRequestName.Of("nn", new CniAttachment(new string('c', 240 - "n~~eth0.json".Length), "eth0")).Length);
        // The rule counts bytes.
        Assert.EndsWith("~long.json", SpooledRequestName.Of("n", new CniAttachment(new string('c', 225), "\u00e4\u00e4\u00e4\u00e4")), StringComparison.Ordinal);
    }

    [Fact]
    public void Only_an_interface_name_may_hold_the_sign_between_the_parts() => Assert.NotEqual(
        SpooledRequestName.Of("a", new CniAttachment("b", "c~d")), SpooledRequestName.Of("a", new CniAttachment("b-c", "d")));

    [Theory]
    [InlineData("", "invalid JSON at line 1, byte 1")]
    [InlineData("{\"format\":1,\"time\":", "invalid JSON at line 1")]
    [InlineData("[]", "not a JSON object")]
    [InlineData("{}", "\"format\" is missing")]
    [InlineData("{\"format\":1}", "\"format\" is not a string")]
    [InlineData("{\"format\":\"2\"}", "\"format\" is \"2\", this program reads \"1\"")]
    [InlineData("{\"format\":\"1\"}", "\"network\" is missing")]
    [InlineData("{\"format\":\"1\",\"network\":\"net\"}", "required env variables [CNI_COMMAND] missing")]
    [InlineData("{\"format\":\"1\",\"network\":\"net\",\"CNI_COMMAND\":\"DEL\"}", "required env variables [CNI_CONTAINERID,CNI_IFNAME] missing")]
    [InlineData("{\"format\":\"1\",\"network\":\"net\",\"CNI_COMMAND\":\"GC\"}", "\"stdin\" is missing")]
    [InlineData("{\"format\":\"1\",\"network\":\"net\",\"CNI_COMMAND\":\"GC\",\"stdin\":\"!\"}", "not a valid Base-64 string")]
    [InlineData("{\"format\":\"1\",\"network\":\"net\",\"CNI_COMMAND\":\"GC\",\"stdin\":\"\",\"time\":\"x\"}", "'x' was not recognized as a valid DateTime")]
    [InlineData("{\"format\":\"1\",\"network\":\"net\",\"CNI_COMMAND\":\"GC\",\"stdin\":\"\",\"time\":\"2026-01-02T03:04:05.0000000Z\"}", "its content belongs to net~~.json")]
    public void A_corrupt_file_says_why_and_can_be_set_aside(string content, string reason)
    {
        _store.Write(Request());
        var path = _store.List()[0];
        File.WriteAllText(path, content);
        var fault = Assert.Throws<InvalidDataException>(() => SpoolFolder.Read(path));
        Assert.Contains(path, fault.Message, StringComparison.Ordinal);
        Assert.Contains(reason, fault.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidDataException>(() => _store.TryRead("net", Owner));
        Assert.False(_store.Delete(Request()));
        Assert.Equal(content, File.ReadAllText(path));

        Assert.Equal(path + ".corrupt", SpoolFolder.SetAside(path));
        Assert.Empty(_store.List());
        Assert.Equal(["net~c1~eth0.json.corrupt"], AllFiles());
    }

    [Fact]
    public void A_file_that_is_gone_is_no_corrupt_one() =>
        Assert.Throws<FileNotFoundException>(() => SpoolFolder.Read(Path.Combine(_parent.Path, "net~c1~eth0.json")));

    [Fact]
    public void What_dead_writers_left_is_no_request_and_goes_but_what_a_living_one_writes_stays()
    {
        _store.Write(Request());
        var half = Path.Combine(_folder, ".0123.tmp");
        using (var writer = new FileStream(half, FileMode.CreateNew, FileAccess.Write))
        {
            // Its time says nothing: clocks are set.
            File.SetLastWriteTimeUtc(half, new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc));
            Assert.Single(_store.List());
            _store.CleanUp();
            Assert.True(File.Exists(half));
        }
        File.SetLastWriteTimeUtc(half, new DateTime(2201, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        _store.CleanUp();
        Assert.False(File.Exists(half));
        Assert.Single(_store.List());
    }

    [Fact]
    public async Task Whoever_cleans_up_while_others_write_takes_nothing_from_them()
    {
        using var written = new CancellationTokenSource();
        var cleaners = Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            while (!written.IsCancellationRequested)
                new SpoolFolder(_folder).CleanUp();
        })).ToArray();

        try
        {
            await Task.WhenAll(Enumerable.Range(0, 16).Select(writer => Task.Run(() =>
            {
                for (var i = 0; i < 300; i++)
                    new SpoolFolder(_folder).Write(Request($"c{writer}"));
            })));
        }
        finally
        {
            await written.CancelAsync();
            await Task.WhenAll(cleaners);
        }
        Assert.Equal(16, AllFiles().Length);
    }

    [Fact]
    public void A_file_of_an_older_version_has_neither_an_id_nor_a_moment()
    {
        _store.Write(Request() with { Id = "", Asked = default });
        var path = _store.List()[0];
        File.WriteAllText(path, File.ReadAllText(path).Replace("\"id\":\"\",", "", StringComparison.Ordinal));
        var read = SpoolFolder.Read(path);
        Assert.Equal("", read.Id);
        Assert.Null(read.Asked.On(MonotonicMoment.ThisClock()));
        Assert.True(_store.Holds(read));
        Assert.True(_store.Delete(read));
    }

    [Fact]
    public void The_same_request_written_down_again_is_another_one_whatever_the_clock_says()
    {
        _store.Write(Request());
        var served = _store.TryRead("net", Owner)!;
        _store.Write(Request() with { Id = "2" });
        Assert.False(_store.Holds(served));
        Assert.False(_store.Delete(served));
        Assert.Equal("2", _store.TryRead("net", Owner)!.Id);
    }

    [Fact]
    public void Moments_have_an_order_on_one_clock_only()
    {
        var clock = MonotonicMoment.ThisClock();
        Assert.NotEmpty(clock);
        Assert.Equal(5, MonotonicMoment.Parse(new MonotonicMoment(clock, 5).ToString()).On(clock));
        Assert.Null(new MonotonicMoment("another boot", 5).On(clock));
        Assert.Null(new MonotonicMoment("", 5).On(""));
        foreach (var text in (string?[])[null, "", "@5", "x", "x@", "x@-5", "x@99999999999999999999"])
            Assert.Null(MonotonicMoment.Parse(text).On("x"));
    }

    [Fact]
    public void A_request_that_was_being_taken_away_comes_back()
    {
        _store.Write(Request(stdin: "first"));
        File.Move(_store.List()[0], Path.Combine(_folder, ".0123.taken"));
        Assert.Empty(_store.List());
        _store.CleanUp();
        Assert.Equal(["net~c1~eth0.json"], AllFiles());

        // Unless its owner has a newer one by now.
        File.Move(_store.List()[0], Path.Combine(_folder, ".0123.taken"));
        _store.Write(Request(stdin: "second"));
        _store.CleanUp();
        Assert.Equal(["net~c1~eth0.json"], AllFiles());
        Assert.Equal("second", Encoding.UTF8.GetString(_store.TryRead("net", Owner)!.Stdin.Span));
    }

    [Fact]
    public void A_taken_file_that_cannot_be_read_is_set_aside()
    {
        _store.Write(Request());
        File.WriteAllText(Path.Combine(_folder, ".0123.taken"), "x");
        _store.CleanUp();
        Assert.Equal([".0123.taken.corrupt", "net~c1~eth0.json"], AllFiles());
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_an_error_and_nothing_is_left_behind()
    {
        File.WriteAllText(_parent.Combine("deep"), "a file");
        Assert.ThrowsAny<IOException>(() => _store.Write(Request()));
        Assert.Single(Directory.EnumerateFileSystemEntries(_parent.Path));
    }

    [Fact]
    public void A_write_that_fails_leaves_no_unfinished_file()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "net~c1~eth0.json"));
        Assert.ThrowsAny<Exception>(() => _store.Write(Request()));
        Assert.Empty(AllFiles());
    }

    [Fact]
    public void Writers_and_a_reader_at_once_lose_nothing()
    {
        const int Writers = 4, Rounds = 100;
        var threads = Enumerable.Range(0, Writers).Select(writer => new Thread(() =>
        {
            for (var round = 0; round < Rounds; round++)
                _store.Write(Request(ifName: $"eth{round % 3}", stdin: $"{writer}-{round}"));
        })).ToArray();
        foreach (var thread in threads)
            thread.Start();
        // Serves and deletes whatever is there while they write; a file is always whole.
        while (threads.Any(thread => thread.IsAlive))
            Drain();
        Assert.Empty(Directory.EnumerateFiles(_folder, ".*"));
        Drain();
        Assert.Empty(AllFiles());
    }

    private void Drain()
    {
        foreach (var path in _store.List())
            _store.Delete(SpoolFolder.Read(path));
    }

    [Fact]
    public void On_mutilated_files_nothing_but_the_promised_fault_is_thrown()
    {
        _store.Write(Request());
        var path = _store.List()[0];
        var content = File.ReadAllBytes(path);
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        for (var i = 0; i < 1_000; i++)
        {
            File.WriteAllBytes(path, Mutant.Of(content, random));
            var fault = Record.Exception(() => SpoolFolder.Read(path));
            Assert.True(fault is null or InvalidDataException, $"seed {seed}, step {i}: {fault}");
        }
    }
}
