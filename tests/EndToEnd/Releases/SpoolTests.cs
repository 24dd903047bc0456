using EndToEnd.Support;

namespace EndToEnd.Releases;

/// <summary>A release is never lost: what can't be carried out now is written down, and carried out later.</summary>
public sealed class SpoolTests : IDisposable
{
    private readonly Site _site = new();
    private readonly NetworkConfig _network = new("spooled") { Ipam = NetworkConfig.Dual };

    public void Dispose() => _site.Dispose();

    [Fact]
    public async Task A_DEL_while_the_service_is_down_succeeds_and_is_carried_out_when_it_starts()
    {
        await using (var ipamd = await Ipamd.StartAsync(_site))
        {
            _site.Add(_network, "gone").EnsureSuccess();
            _site.Add(_network, "stays").EnsureSuccess();
            await ipamd.StopAsync();
        }

        _site.Del(_network, "gone").EnsureSuccess();
        _site.Del(_network, "gone").EnsureSuccess();
        Assert.Single(Waiting());

        await using var again = await Ipamd.StartAsync(_site);
        await again.Log.WaitForAsync("release of spooled/gone");
        Assert.Empty(Waiting());
        Assert.All(Ipamctl.Leases(_site), static lease => Assert.Equal("stays", lease.ContainerId));
        Assert.Equal(2, Ipamctl.Leases(_site).Count);
    }

    [Fact]
    public async Task An_ADD_of_a_container_whose_DEL_still_waits_gets_a_fresh_lease_that_the_late_DEL_spares()
    {
        await using var ipamd = await Ipamd.StartAsync(_site);
        var before = _site.Add(_network).Addresses;
        await ipamd.StopAsync();
        _site.Del(_network).EnsureSuccess();
        var written = File.ReadAllBytes(Assert.Single(Waiting()));

        await using var again = await Ipamd.StartAsync(_site);
        var added = _site.Add(_network).Addresses;
        Assert.Equal(added.Order(), Ipamctl.Addresses(_site, _network).Order());
        Assert.Empty(before.Intersect(added));

        // The same release turns up once more, as it would if the service had died between carrying it out and removing it.
        await again.StopAsync();
        File.WriteAllBytes(Path.Combine(_site.Spool, "spooled~c1~eth0.json"), written);
        await using var last = await Ipamd.StartAsync(_site);
        await last.Log.WaitForAsync("is carried out; addresses released: 0");

        Assert.Equal(added.Order(), Ipamctl.Addresses(_site, _network).Order());
        Assert.Empty(Waiting());
    }

    [Fact]
    public async Task A_DEL_written_down_while_the_service_runs_is_carried_out_soon()
    {
        await using var ipamd = await Ipamd.StartAsync(_site);
        _site.Add(_network).EnsureSuccess();
        var nowhere = _network.Json(_site).Replace(_site.Socket, "/nowhere.sock", StringComparison.Ordinal);

        CniPlugin.Run(new CniCall("DEL") { Stdin = nowhere }).EnsureSuccess();

        await ipamd.Log.WaitForAsync("release of spooled/c1");
        Assert.Empty(Ipamctl.Addresses(_site, _network));
    }

    [Fact]
    public async Task Corrupt_files_are_set_aside_and_logged_and_the_others_are_carried_out()
    {
        string[] contents =
            ["not JSON", "", """{ "format": 1 }""", """{ "format": 99, "time": "2026-01-01T00:00:00.0000000Z", "network": "n", "env": {}, "stdin": "" }"""];
        await using var ipamd = await Ipamd.StartAsync(_site);
        _site.Add(_network, "zz-behind-them").EnsureSuccess();
        await ipamd.StopAsync();
        _site.Del(_network, "zz-behind-them").EnsureSuccess();
        var corrupt = contents.Select((content, i) => (Path: Path.Combine(_site.Spool, $"spooled~c{i}~eth0.json"), Content: content)).ToList();
        corrupt.ForEach(static file => File.WriteAllText(file.Path, file.Content));

        await using var again = await Ipamd.StartAsync(_site);
        foreach (var (path, _) in corrupt)
            await again.Log.WaitForAsync($"set aside as {path}.corrupt");
        await again.Log.WaitForAsync("release of spooled/zz-behind-them");
        Assert.DoesNotContain("   at ", again.Log.Text, StringComparison.Ordinal);

        Assert.All(corrupt, static file => Assert.Equal(file.Content, File.ReadAllText(file.Path + ".corrupt")));
        Assert.Empty(Waiting());
        Assert.Empty(Ipamctl.Addresses(_site, _network));
    }

    [Fact]
    public async Task A_corrupt_file_does_not_keep_its_container_from_an_ADD()
    {
        await using var ipamd = await Ipamd.StartAsync(_site);
        Directory.CreateDirectory(_site.Spool);

        for (var i = 0; i < 5; i++)
        {
            await File.WriteAllTextAsync(Path.Combine(_site.Spool, $"spooled~c{i}~eth0.json"), "not JSON");
            _site.Add(_network, $"c{i}").EnsureSuccess();
        }

        await ipamd.Log.WaitForAsync("c4~eth0.json.corrupt");
        Assert.Equal(10, Ipamctl.Leases(_site).Count);
    }

    [Fact]
    public void The_spool_is_for_its_owner_alone()
    {
        _site.Del(_network).EnsureSuccess();

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_site.Spool));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Assert.Single(Waiting())));
    }

    private string[] Waiting() => Directory.GetFiles(_site.Spool, "*.json");
}
