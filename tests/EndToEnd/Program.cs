using System.Globalization;
using System.Net;
using EndToEnd.Leaks;
using EndToEnd.Skew;
using EndToEnd.Storm;
using EndToEnd.Support;
using EndToEnd.Support.Stores;
using EndToEnd.Upgrades;
using Xunit.Sdk;

// What the tests have for many nodes, by hand:
//   storm STORE [SECONDS [SEED]]   a storm; exit code 1 if an answer was not true; FAULTS=loss,clock adds those
//   leaks STORE [LEASES]           leases that lose their owners; exit code 1 if one stays too long, or a living container loses its own
//   upgrades STORE CALLS [WAY [FOLDER]]
//                                  plugin and ipamd are upgraded and rolled back under so many ADDs, in one way (socket, restart or pod) or in each (all); exit code 1 if a call
//                                  fails. FOLDER: what was published of the commit to upgrade from
//   skew FOLDER                    the plugin that is in the folder with this ipamd, and the other way round; exit code 1 if a call is answered otherwise than it should be
//   serve STORE [ADDRESS]          prints the URL of a store, and serves it until stdin closes
//   serve kubernetes cluster NODES PODS
//                                  the same, in a cluster of so many nodes with so many pods each

switch (args)
{
    case ["storm", var store, .. var rest]:
        return await StormAsync(store, rest);
    case ["leaks", var store, .. var rest]:
        var leases = rest.Length > 0 ? int.Parse(rest[0], CultureInfo.InvariantCulture) : 5_000;
        return await JudgeAsync(new LeakRun(new LeakOptions(store, leases), Console.WriteLine).RunAsync, "every leak was gone in time, and nobody else lost an address");
    case ["upgrades", var store, var calls, .. var rest]:
        return await JudgeAsync(() => UpgradeAsync(store, int.Parse(calls, CultureInfo.InvariantCulture), rest), "no call failed, and every answer was true");
    case ["skew", var folder]:
        return await JudgeAsync(new SkewRun(new Build(folder), Console.WriteLine).RunAsync, "each works with the other");
    case ["serve", "kubernetes", "cluster", var nodes, var pods]:
        await using (var server = await KubernetesStoreServer.StartAsync(IPAddress.Loopback))
        {
            await server.PopulateAsync(int.Parse(nodes, CultureInfo.InvariantCulture), int.Parse(pods, CultureInfo.InvariantCulture));
            await ServeAsync(server);
        }
        return 0;
    case ["serve", var store, .. var rest]:
        await using (var server = await StoreServer.StartAsync(store, rest.Length > 0 ? IPAddress.Parse(rest[0]) : null))
            await ServeAsync(server);
        return 0;
    default:
        Console.Error.WriteLine("usage: storm STORE [SECONDS [SEED]] | leaks STORE [LEASES] | upgrades STORE CALLS [WAY [FOLDER]] | skew FOLDER | serve STORE [ADDRESS] | serve kubernetes cluster NODES PODS; STORE is sqlite, redis or kubernetes");
        return 2;
}

static Task<int> StormAsync(string store, string[] rest)
{
    var seconds = rest.Length > 0 ? int.Parse(rest[0], CultureInfo.InvariantCulture) : 60;
    var seed = rest.Length > 1 ? int.Parse(rest[1], CultureInfo.InvariantCulture) : Environment.TickCount;
    var more = (Environment.GetEnvironmentVariable("FAULTS") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries);
    if (more.FirstOrDefault(static name => name is not ("loss" or "clock")) is { } unknown)
        throw new FormatException($"FAULTS={unknown} is none of loss, clock");
    var options = new StormOptions(store, TimeSpan.FromSeconds(seconds), seed) { WithLoss = more.Contains("loss"), WithClocks = more.Contains("clock") };
    return JudgeAsync(new StormRun(options, Console.WriteLine).RunAsync, "every answer was true");
}

static async Task UpgradeAsync(string store, int calls, string[] rest)
{
    var ways = rest is [var way, ..] && way != "all" ? [Enum.Parse<UpgradeWay>(way, ignoreCase: true)] : Enum.GetValues<UpgradeWay>();
    foreach (var one in ways)
        await new UpgradeRun(new UpgradeOptions(store, one, calls) { Before = rest is [_, var folder] ? new Build(folder) : null }, Console.WriteLine).RunAsync();
}

static async Task<int> JudgeAsync(Func<Task> run, string verdict)
{
    try
    {
        await run();
        Console.WriteLine($"verdict: {verdict}");
        return 0;
    }
    catch (XunitException e)
    {
        Console.WriteLine($"verdict: VIOLATION\n{e.Message}");
        return 1;
    }
}

static async Task ServeAsync(StoreServer server)
{
    Console.WriteLine(server.Url());
    await Console.In.ReadToEndAsync();
}
