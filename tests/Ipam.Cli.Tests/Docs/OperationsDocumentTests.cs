using System.Globalization;
using System.Text.RegularExpressions;
using Ipam.Cli.Tests.Support;
using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.Leadership;
using Ipam.Core.Pools;
using Ipam.Core.Stores;
using Ipam.Core.Trends;

namespace Ipam.Cli.Tests.Docs;

/// <summary>docs/operations.md shows what ipamctl prints: each of its commands is run, and must print just that.</summary>
public sealed partial class OperationsDocumentTests : CatalogTest
{
    private const string Folder = "/etc/cni/net.d/";
    private const string Store = "sqlite:/var/lib/ipam/ipam.db";

    [Fact]
    public async Task Each_command_prints_what_the_document_shows()
    {
        await PrepareAsync();
        var file = Write("10-pods.conflist", """
            { "cniVersion": "1.0.0", "name": "pods", "plugins": [ { "type": "net-ptp", "ipam": { "type": "ipam", "pools": ["blue"] } } ] }
            """);
        var document = File.ReadAllText(DocumentPath());
        var shown = Block().Matches(document).Select(static block => (Command: block.Groups["command"].Value, Output: block.Groups["output"].Value)).ToList();

        Assert.InRange(shown.Count, 12, 100);
        foreach (var (command, expected) in shown)
        {
            var outcome = await RunAsync(command.Replace(Folder, $"{Path.GetDirectoryName(file)}/", StringComparison.Ordinal).Split(' ', StringSplitOptions.RemoveEmptyEntries));
            var output = (outcome.Error + outcome.Output).Replace($"{Path.GetDirectoryName(file)}/", Folder, StringComparison.Ordinal)
                .Replace($"sqlite:{Folder}ipam.db", Store, StringComparison.Ordinal);

            Assert.Equal($"{command}\n{Stable(expected)}", $"{command}\n{Stable(output)}");
        }
    }

    /// <summary>A cluster in which some things are wrong.</summary>
    private async Task PrepareAsync()
    {
        await DoAsync("pool", "create", "blue", "--range", "10.1.0.0/24,rangeEnd=10.1.0.14", "--cooldown", "60");
        await DoAsync("pool", "create", "spare", "--range", "10.9.0.0/24");
        var leases = Enumerable.Range(2, 12).Select(LeaseOf);
        await GiveAsync([.. leases, Some.Lease("10.1.0.77", node: "worker-1", pod: Some.Pod("old-0")) with { AcquiredAt = Some.Noon.AddDays(-40), Owner = Container(77) }]);
        await using var store = await StoreContent.OpenAsync(DatabaseFile);
        var block = (await store.ReadBlocksAsync([BlockId.Of("default", Address.Parse("10.1.0.0"))], default)).Single();
        await store.CommitAsync([new BlockChange(block with { Cooling = [new CoolingAddress(14, Now.AddSeconds(40))] }, [], [])], default);
        var trend = new PoolTrend();
        for (var hour = 0; hour <= 100; hour++)
            trend.Record(Now.AddHours(hour - 100), new PoolUsage("blue", "", new FamilyUsage(13, 0, (long)(12 - (100 - hour) * 0.113), 0), null));
        await store.Trends.PutAsync("blue", trend.ToText(), default);
        var identity = (await store.Past.ReadAsync(default)).Identity;
        foreach (var node in (string[])["worker-1", "worker-2", "worker-9"])
            Assert.True(await store.Nodes.PutAsync(new NodeEntry(node, $"{node}-5f0c2b7d9c0e4", "r", node, identity, 1), null, default));
        var record = new LeaderRecord("worker-2_7f31", TimeSpan.FromSeconds(20), Some.Noon.AddHours(-9), Now.AddSeconds(-3), 3);
        Assert.NotNull(await store.Leaders.PutAsync(LeaderRole.Controller, record, default));
    }

    /// <summary>Four of a shop, which are old, and then those of jobs.</summary>
    private static Lease LeaseOf(int number)
    {
        var pod = number < 6 ? Some.Pod($"web-{number - 2}") : Some.Pod($"job-{number}", "kube-jobs");
        var lease = Some.Lease($"10.1.0.{number}", node: number % 4 == 0 ? "worker-9" : $"worker-{(number % 2) + 1}", pod: pod);
        return lease with { AcquiredAt = number < 6 ? Some.Noon.AddDays(-12) : Some.Noon.AddMinutes(-number), Owner = Container(number) };
    }

    private static Owner Container(int number) => new("pods", string.Create(CultureInfo.InvariantCulture, $"{number:x2}d1f4a9c07b3e85c6a12f0b94"), "eth0");

    /// <summary>The identity is random, and the version of the program changes.</summary>
    private static string Stable(string output) => Random().Replace(output, "${title}…");

    private static string DocumentPath()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "IpamSuite.sln")))
            folder = Path.GetDirectoryName(folder)!;
        return Path.Combine(folder, "docs/operations.md");
    }

    [GeneratedRegex(@"^```console\n[$#] ipamctl (?<command>[^\n]*)\n(?<output>(?:(?!```).*\n)*)```", RegexOptions.Multiline)]
    private static partial Regex Block();

    [GeneratedRegex(@"^(?<title>IDENTITY +|IPAMCTL +)\S+", RegexOptions.Multiline)]
    private static partial Regex Random();
}
