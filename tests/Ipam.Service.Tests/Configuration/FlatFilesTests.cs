using System.Text;
using Cni.Protocol;
using Ipam.Configuration.Reading;
using Ipam.Service.Configuration;
using Ipam.Service.Tests.Support;

namespace Ipam.Service.Tests.Configuration;

/// <summary>Which of Whereabouts' files counts, when, and whose is taken.</summary>
public sealed class FlatFilesTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly PassingTime _time = new(DateTimeOffset.UnixEpoch);
    private readonly FlatFiles _files;

    public FlatFilesTests() => _files = new FlatFiles([_folder.Combine("first.conf"), _folder.Combine("second.conf")], _time);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_first_that_is_there_counts_and_one_that_the_configuration_names_before_all()
    {
        _folder.Write("second.conf", """{ "network_name": "second" }""");
        Assert.Equal("second", await SpaceAsync());
        _folder.Write("first.conf", """{ "network_name": "first" }""");
        Assert.Equal("first", await SpaceASecondLaterAsync());
        var own = _folder.Combine("own.conf");
        Assert.Equal("first", await SpaceAsync(own));
        _folder.Write("own.conf", """{ "network_name": "own" }""");
        Assert.Equal("own", await SpaceASecondLaterAsync(own));
        Assert.Equal("first", await SpaceAsync());
        Assert.Null((await _files.CompleteAsync(Parse("\"subnet\": \"10.1.0.0/24\""), default)).Defaults);
    }

    [Fact]
    public async Task Without_any_the_configuration_is_enough() => Assert.Null(await SpaceAsync());

    [Fact]
    public async Task It_is_read_once_a_second_and_is_the_same_until_it_changes()
    {
        var path = _folder.Write("first.conf", """{ "network_name": "a" }""");
        var network = Parse("\"range\": \"10.1.0.0/24\"");
        var file = await _files.FindAsync(network, default);
        File.Delete(path);
        Assert.Same(file, await _files.FindAsync(network, default));
        _folder.Write("first.conf", """{ "network_name": "a" }""");
        _time.Pass(TimeSpan.FromSeconds(2));
        Assert.Same(file, await _files.FindAsync(network, default));
        File.Delete(path);
        _time.Pass(TimeSpan.FromSeconds(2));
        Assert.Null(await _files.FindAsync(network, default));
    }

    [Fact]
    public async Task A_configuration_that_is_kept_follows_the_file()
    {
        var cache = new ConfigurationCache(_files);
        var bytes = Encoding.UTF8.GetBytes(NetworkJson.Text("\"range\": \"10.1.0.0/24\""));
        _folder.Write("first.conf", """{ "network_name": "a" }""");
        var first = await cache.GetAsync(bytes, default);
        Assert.Same(first, await cache.GetAsync(bytes, default));
        _folder.Write("first.conf", """{ "network_name": "b" }""");
        _time.Pass(TimeSpan.FromSeconds(2));

        Assert.Equal(("a", "b"), (first.Ipam.Space, (await cache.GetAsync(bytes, default)).Ipam.Space));
    }

    [Fact]
    public async Task One_that_others_may_write_is_refused()
    {
        var path = _folder.Write("first.conf", "{}");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherWrite);

        await RefusedAsync("", $"{path} may be written by others (mode 0602), wanted is a file that only root may write");
    }

    [Fact]
    public async Task One_that_is_no_file_or_too_large_or_has_no_absolute_path_is_refused()
    {
        await RefusedAsync(_folder.Path, $"{_folder.Path} is a folder, wanted is a regular file");
        await RefusedAsync(_folder.Write("large.conf", new string(' ', 70_000)), "is larger than 65536 bytes");
        await RefusedAsync("../w.conf", "configuration_path must be an absolute path");
        Command.Run("mkfifo", _folder.Combine("fifo"));
        await RefusedAsync(_folder.Combine("fifo"), "is a FIFO, wanted is a regular file");
    }

    private async Task RefusedAsync(string own, string reason)
    {
        var configuration = await _files.CompleteAsync(Parse($"\"range\": \"10.1.0.0/24\", \"configuration_path\": \"{own}\""), default);
        var error = Assert.Throws<CniException>(() => configuration.Ipam).Error;
        Assert.Equal(7, error.Code);
        Assert.StartsWith("Whereabouts' file ", error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    private Task<string?> SpaceASecondLaterAsync(string own = "")
    {
        _time.Pass(TimeSpan.FromSeconds(2));
        return SpaceAsync(own);
    }

    private async Task<string?> SpaceAsync(string own = "") =>
        (await _files.CompleteAsync(Parse($"\"range\": \"10.1.0.0/24\", \"configuration_path\": \"{own}\""), default)).Ipam.Space;

    private static NetworkConfiguration Parse(string ipam) => NetworkConfiguration.Parse(Encoding.UTF8.GetBytes(NetworkJson.Text(ipam)));
}
