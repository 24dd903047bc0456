using System.Globalization;
using System.Text.Json;

namespace Testing.Servers;

/// <summary>A Prometheus of a test's own, of Debian's package prometheus, on a free port of 127.0.0.1, with its data in a folder of its own.</summary>
public sealed class PrometheusServer : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly HttpClient _http;
    private readonly ServerProcess _process;

    private PrometheusServer(string configuration, IReadOnlyDictionary<string, string> files)
    {
        var port = Ports.Free();
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}/") };
        foreach (var (name, text) in files)
            _folder.Write(name, text);
        _process = new ServerProcess(
            _folder.Combine("log"), "prometheus", $"--config.file={_folder.Write("prometheus.yaml", configuration)}", $"--storage.tsdb.path={_folder.Combine("data")}",
            $"--web.listen-address=127.0.0.1:{port}", "--log.level=warn");
    }

    /// <summary>A server that answers.</summary>
    /// <param name="configuration">Its configuration file.</param>
    /// <param name="files">Text by name of the files that are to be beside it.</param>
    public static async Task<PrometheusServer> StartAsync(string configuration, IReadOnlyDictionary<string, string> files)
    {
        var server = new PrometheusServer(configuration, files);
        await Wait.UntilAsync(server.IsReadyAsync, "a Prometheus that answers");
        return server;
    }

    /// <summary>The values that an expression has now, one for each series, with its labels as JSON.</summary>
    public async Task<IReadOnlyList<(JsonElement Labels, double Value)>> QueryAsync(string expression)
    {
        var data = await GetAsync($"api/v1/query?query={Uri.EscapeDataString(expression)}");
        Assert.Equal("vector", data.GetProperty("resultType").GetString());
        return [.. data.GetProperty("result").EnumerateArray().Select(static series => (series.GetProperty("metric"), NumberOf(series)))];
    }

    /// <summary>The rules that it has read.</summary>
    public async Task<IReadOnlyList<JsonElement>> RulesAsync() =>
        [.. (await GetAsync("api/v1/rules")).GetProperty("groups").EnumerateArray().SelectMany(static group => group.GetProperty("rules").EnumerateArray())];

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _http.Dispose();
        _folder.Dispose();
    }

    private static double NumberOf(JsonElement series) => series.GetProperty("value")[1].GetString() switch
    {
        "+Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        var text => double.Parse(text!, CultureInfo.InvariantCulture),
    };

    private async Task<bool> IsReadyAsync()
    {
        try
        {
            using var answer = await _http.GetAsync(new Uri("-/ready", UriKind.Relative));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private async Task<JsonElement> GetAsync(string path)
    {
        using var answer = await _http.GetAsync(new Uri(path, UriKind.Relative));
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{Uri.UnescapeDataString(path)}: {body}");
        using var document = JsonDocument.Parse(body);
        return document.RootElement.GetProperty("data").Clone();
    }
}
