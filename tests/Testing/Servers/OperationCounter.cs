using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Testing.Servers;

/// <summary>Asks a store's server what it has been asked so far: it counts by itself.</summary>
public static partial class OperationCounter
{
    /// <summary>The counts; null for SQLite, which has no server.</summary>
    public static Operations? Read(string storeUrl) => storeUrl.Split(':')[0] switch
    {
        "redis" => ReadRedis(new Uri(storeUrl)),
        "kubernetes" => ReadApiServer(AskApiServer(storeUrl)),
        _ => null,
    };

    /// <summary>
    /// How often the server was asked for what: Redis' commands, those of scripts too; requests of the Kubernetes API for what IpamSuite asks for (the API server asks itself for
    /// other things).
    /// </summary>
    public static Dictionary<string, double> ReadAll(string storeUrl) =>
        (storeUrl.Split(':')[0] == "redis" ? RedisCommands().Matches(AskRedis(new Uri(storeUrl))) : OurRequests().Matches(AskApiServer(storeUrl)))
        .GroupBy(static count => $"{count.Groups["verb"].Value} {count.Groups["resource"].Value}".Trim()).ToDictionary(static counts => counts.Key, Sum);

    private static Operations ReadRedis(Uri url)
    {
        var text = AskRedis(url);
        return new Operations(Sum(RedisScripts().Matches(text)), Sum(RedisGets().Matches(text)));
    }

    private static string AskRedis(Uri url)
    {
        using var cli = Process.Start(new ProcessStartInfo("redis-cli", ["-h", url.Host, "-p", $"{url.Port}", "info", "commandstats"]) { RedirectStandardOutput = true })!;
        var text = cli.StandardOutput.ReadToEnd();
        cli.WaitForExit();
        return text;
    }

    private static string AskApiServer(string storeUrl)
    {
        var kubeconfig = File.ReadAllText(storeUrl["kubernetes:".Length..].Split('?')[0]);
        using var handler = new HttpClientHandler { ServerCertificateCustomValidationCallback = static (_, _, _, _) => true };
        using var http = new HttpClient(handler);
        http.DefaultRequestHeaders.Add("Authorization", $"Bearer {Token().Match(kubeconfig).Groups[1].Value}");
        return http.GetStringAsync($"{Server().Match(kubeconfig).Groups[1].Value}/metrics").GetAwaiter().GetResult();
    }

    private static Operations ReadApiServer(string text)
    {
        var counts = BlockRequests().Matches(text);
        return new Operations(
            Sum(counts.Where(static count => count.Groups["verb"].Value is "POST" or "PUT" or "DELETE")),
            Sum(counts.Where(static count => count.Groups["verb"].Value is "GET" or "LIST")));
    }

    private static double Sum(IEnumerable<Match> counts) => counts.Sum(static count => double.Parse(count.Groups["count"].Value, CultureInfo.InvariantCulture));

    [GeneratedRegex("cmdstat_eval(?:sha)?:calls=(?<count>[0-9]+)")]
    private static partial Regex RedisScripts();

    [GeneratedRegex("cmdstat_(?<verb>(?!info|ping|client|hello)[^:]+):calls=(?<count>[0-9]+)")]
    private static partial Regex RedisCommands();

    [GeneratedRegex("""apiserver_request_total\{[^}]*resource="(?<resource>ipblocks|ippools|ipreservations|leases|nodes|pods|events)"[^}]*verb="(?<verb>[A-Z]+)"[^}]*\} (?<count>[0-9.e+]+)""")]
    private static partial Regex OurRequests();

    [GeneratedRegex("cmdstat_get:calls=(?<count>[0-9]+)")]
    private static partial Regex RedisGets();

    [GeneratedRegex("""token: ([^ }]+)""")]
    private static partial Regex Token();

    [GeneratedRegex("""server: "([^"]+)""")]
    private static partial Regex Server();

    [GeneratedRegex("""apiserver_request_total\{[^}]*resource="ipblocks"[^}]*verb="(?<verb>[A-Z]+)"[^}]*\} (?<count>[0-9.e+]+)""")]
    private static partial Regex BlockRequests();
}
