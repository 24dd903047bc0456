using System.Globalization;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using EndToEnd.Support;

namespace EndToEnd.Monitoring;

/// <summary>An ipamd that serves and refuses, and a Prometheus that watches it every second, with the configuration of docs/metrics.md.</summary>
public sealed partial class BusyService : IAsyncLifetime
{
    /// <summary>The pool of which every address is held.</summary>
    public const string FullPool = "full";

    private static readonly NetworkConfig Blue = new("blue") { Space = null, Ipam = """ "pools": ["blue"] """ };
    private static readonly NetworkConfig Full = new("full") { Space = null, Ipam = $$""" "pools": ["{{FullPool}}"] """ };
    private static readonly NetworkConfig Listed = new("listed") { Runtime = """ "cni.dev/valid-attachments": [] """ };

    private readonly int _port = Ports.Free();
    private Ipamd? _ipamd;
    private PrometheusServer? _prometheus;
    private Task _work = Task.CompletedTask;
    private volatile bool _isOver;

    internal static string? WhatIsMissing => Requirements.WhatIsMissing("prometheus", "promtool");

    internal PrometheusServer Prometheus => _prometheus!;

    private Site Site { get; } = new();

    public async Task InitializeAsync()
    {
        if (WhatIsMissing is not null)
            return;
        // Makes the store, which ipamctl does not.
        await (await Ipamd.StartAsync(Site)).StopAsync();
        foreach (var (pool, range) in ((string, string)[])[("blue", "10.71.0.0/16"), ("blue6", "fd00:71::/64"), (FullPool, "10.72.0.0/30")])
            Assert.Equal(0, Ipamctl.TryRun(Site, "pool", "create", pool, "--range", range).ExitCode);
        _ipamd = await Ipamd.StartAsync(Site, "--listen", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{_port}"), "--node-gone-after", "86400");
        _work = WorkAsync(_ipamd.Http);
        _prometheus = await PrometheusServer.StartAsync(Configuration(), new Dictionary<string, string> { [AlertRules.FileName] = AlertRules.Text() });
        // Pools are counted every 15 s: by then there are scrapes enough.
        await Wait.UntilAsync(
            async () => await _prometheus.QueryAsync("count_over_time(ipamsuite_leader[1m]) > 8 and on () ALERTS{alertname=\"IpamPoolExhausted\"}") is [_], "an alert about the full pool");
    }

    /// <summary>A page over TCP: what it is called, and its text.</summary>
    internal async Task<(string? Type, string Text)> GetAsync(string path, string accept)
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Accept.Add(MediaTypeWithQualityHeaderValue.Parse(accept));
        using var answer = await http.GetAsync(new Uri($"http://127.0.0.1:{_port}{path}"));
        return (answer.Content.Headers.ContentType?.ToString(), await answer.Content.ReadAsStringAsync());
    }

    public async Task DisposeAsync()
    {
        _isOver = true;
        await _work;
        if (_prometheus is not null)
            await _prometheus.DisposeAsync();
        if (_ipamd is not null)
            await _ipamd.DisposeAsync();
        Site.Dispose();
    }

    /// <summary>Containers come and go, more of them come than go, one finds its pool full, and some lose their DEL to the runtime's GC.</summary>
    private async Task WorkAsync(ServiceHttp http)
    {
        for (var i = 0; !_isOver; i++)
        {
            await MustAsync("add", $"stays{i}", Blue, 0);
            await MustAsync("add", $"goes{i}", Blue, 0);
            await MustAsync("check", $"goes{i}", Blue, 0);
            await MustAsync("del", $"goes{i}", Blue, 0);
            await MustAsync("add", $"full{i}", Full, i == 0 ? 0 : 1);
            await MustAsync("add", $"lost{i}", Listed, 0);
            await MustAsync("gc", "", Listed, 0);
            await MustAsync("status", "", Blue, 0);
            await Task.Delay(TimeSpan.FromMilliseconds(200));
        }

        async Task MustAsync(string verb, string container, NetworkConfig network, int exitCode)
        {
            var outcome = await http.CallAsync(verb, container, network.Json(Site));
            Assert.True(outcome?.ExitCode == exitCode, $"{verb} {container}: {outcome}");
        }
    }

    private string Configuration()
    {
        var example = Example().Match(RepositoryRoot.Read("docs/metrics.md")).Groups["yaml"].Value;
        var here = Targets().Replace(example, $"targets: [\"127.0.0.1:{_port}\"]");
        Assert.NotEqual(example, here);
        return $"global: {{ scrape_interval: 1s, evaluation_interval: 1s }}\n{here}";
    }

    [GeneratedRegex("```yaml\n(?<yaml>rule_files:[\\s\\S]*?)```")]
    private static partial Regex Example();

    [GeneratedRegex(@"targets: \[.*\]")]
    private static partial Regex Targets();
}
