using System.Text.Json;
using Ipam.Cli.Terminal;
using Ipam.Cli.Tests.Support;
using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.Stores;

namespace Ipam.Cli.Tests.Leases;

public sealed class LeaseListTests : CommandTest
{
    private static readonly Lease[] Three =
    [
        Some.Lease("10.0.0.100", node: "node-b"),
        Some.Lease("10.0.0.9", pod: Some.Pod("web-0")),
        Some.Lease("fd00::9", space: "blue", network: "storage"),
    ];

    [Fact]
    public async Task A_table_is_sorted_by_space_then_address_as_a_number()
    {
        await GiveAsync(Three);

        var outcome = await RunAsync("lease", "list");

        Assert.Equal(
            """
            ADDRESS     SPACE    NETWORK  CONTAINER      INTERFACE  POD         NODE    AGE
            fd00::9     blue     storage  fd00::9-blue-  eth0       -           node-a  5m
            10.0.0.9    default  pods     10.0.0.9-defa  eth0       shop/web-0  node-a  5m
            10.0.0.100  default  pods     10.0.0.100-de  eth0       -           node-b  5m

            """, outcome.Output);
        Assert.Equal(new CliOutcome(0, outcome.Output, ""), outcome);
    }

    [Fact]
    public async Task A_wide_table_shortens_nothing_and_has_more_columns()
    {
        await GiveAsync(Three[1]);

        var outcome = await RunAsync("lease", "list", "-o", "wide");

        Assert.Equal(
            """
            ADDRESS   SPACE    NETWORK  CONTAINER                   INTERFACE  POD         NODE    AGE  SEQUENCE          NETNS         ACQUIRED              POD UID
            10.0.0.9  default  pods     10.0.0.9-default-container  eth0       shop/web-0  node-a  5m   1772625600000001  /run/netns/a  2026-03-04T12:00:00Z  uid-of-web-0

            """, outcome.Output);
    }

    [Fact]
    public async Task Json_is_an_array_of_objects()
    {
        await GiveAsync(Three[0], Three[1] with { AcquiredAt = Some.Noon.AddMilliseconds(125) });

        var outcome = await RunAsync("lease", "list", "-o", "json");

        Assert.Equal(
            """
            [
              {
                "address": "10.0.0.9",
                "space": "default",
                "network": "pods",
                "containerId": "10.0.0.9-default-container",
                "interface": "eth0",
                "entry": 0,
                "podNamespace": "shop",
                "podName": "web-0",
                "podUid": "uid-of-web-0",
                "node": "node-a",
                "netns": "/run/netns/a",
                "sequence": 1772625600000001,
                "acquiredAt": "2026-03-04T12:00:00.125Z"
              },
              {
                "address": "10.0.0.100",
                "space": "default",
                "network": "pods",
                "containerId": "10.0.0.100-default-container",
                "interface": "eth0",
                "entry": 0,
                "podNamespace": null,
                "podName": null,
                "podUid": null,
                "node": "node-b",
                "netns": "/run/netns/a",
                "sequence": 1772625600000001,
                "acquiredAt": "2026-03-04T12:00:00Z"
              }
            ]

            """, outcome.Output);
    }

    [Theory]
    [InlineData("-o name", "fd00::9\n10.0.0.9\n10.0.0.100\n")]
    [InlineData("10.0.0.0/28 -o name", "10.0.0.9\n")]
    [InlineData("10.0.0.9-10.0.0.100 -o name", "10.0.0.9\n10.0.0.100\n")]
    [InlineData("fd00::9 -o name", "fd00::9\n")]
    [InlineData("-n shop -o name", "10.0.0.9\n")]
    [InlineData("--older-than 5m -o name", "fd00::9\n10.0.0.9\n10.0.0.100\n")]
    [InlineData("--older-than 301s -o name", "")]
    [InlineData("--node node-b --no-headers", "10.0.0.100  default  pods  10.0.0.100-de  eth0  -  node-b  5m\n")]
    [InlineData("--limit 1 --after default/10.0.0.9 -o name", "10.0.0.100\n")]
    [InlineData("--after default/10.0.0.9 -o name", "10.0.0.100\n")]
    [InlineData("--after red/10.0.0.9 -o name", "")]
    [InlineData("--sort address -o name", "10.0.0.9\n10.0.0.100\nfd00::9\n")]
    [InlineData("--sort-by pod --columns pod,address --no-headers", "-           fd00::9\n-           10.0.0.100\nshop/web-0  10.0.0.9\n")]
    [InlineData("--count-by owner --no-headers", "container  2\npod        1\n")]
    [InlineData("--count-by node", "NODE    LEASES\nnode-a  2\nnode-b  1\n")]
    [InlineData("--count-by namespace --no-headers", "-     2\nshop  1\n")]
    [InlineData("--count-by network -o csv", "NETWORK,LEASES\r\npods,2\r\nstorage,1\r\n")]
    [InlineData("--count-by pool -o jsonl", "{\"pool\":null,\"leases\":3}\n")]
    [InlineData("--pod web-0 -o csv --no-headers", "10.0.0.9,default,pods,10.0.0.9-default-container,eth0,shop/web-0,node-a,5m,1772625600000001,/run/netns/a,2026-03-04T12:00:00Z,uid-of-web-0\r\n")]
    public async Task It_can_be_narrowed_counted_and_printed_for_scripts(string arguments, string expected)
    {
        await GiveAsync(Three);

        var outcome = await RunAsync(["lease", "list", .. arguments.Split(' ')]);

        Assert.Equal(new CliOutcome(0, expected, ""), outcome);
    }

    [Fact]
    public async Task A_limit_says_that_there_are_more()
    {
        await GiveAsync(Three);

        var outcome = await RunAsync("lease", "list", "-o", "name", "--limit", "2");

        Assert.Equal(new CliOutcome(0, "fd00::9\n10.0.0.9\n", "ipamctl: there are more; '--after default/10.0.0.9' goes on\n"), outcome);
        Assert.Equal("", (await RunAsync("lease", "list", "-o", "name", "--limit", "3")).Error);
    }

    [Theory]
    [InlineData("--limit 0", "--limit '0' must be a whole number from 1 to 2147483647.")]
    [InlineData("--older-than 5", "--older-than '5' is no age; wanted is a number of seconds, minutes, hours or days, such as 90s, 45m, 30h or 7d.")]
    [InlineData("--older-than 99999999d", "--older-than '99999999d' is no age; wanted is a number of seconds, minutes, hours or days, such as 90s, 45m, 30h or 7d.")]
    [InlineData("--count-by colour", "'colour' is nothing to count by; known are: node, namespace, network, owner, pool.")]
    [InlineData("--sort ages", "'ages' is no column, did you mean 'age'? Known are: address, space, network, container, interface, pod, node, age, sequence, netns, acquired, pod-uid.")]
    [InlineData("--columns address,colour", "'colour' is no column. Known are: address, space, network, container, interface, pod, node, age, sequence, netns, acquired, pod-uid.")]
    [InlineData("--after 10.0.0.1", "--after '10.0.0.1' must be a space and an address, as default/10.1.0.17 is.")]
    [InlineData("--after default/10.0.0.1 --sort age", "--after goes on in the order of addresses; leave out --sort.")]
    [InlineData("--node-gone-after 60", "--node-gone-after is for --state leaked.")]
    [InlineData("--state free", "'free' is no state; known are: held, cooling, outside-pools, static, conflict, kept, leaked.")]
    [InlineData("--state cooling --pod web-0", "--pod is about leases, and addresses that cool down have none.")]
    [InlineData("10.0.0.0/33", "'10.0.0.0/33' names no addresses; wanted is an address, a network such as 10.1.0.0/24, or FIRST-LAST.")]
    public async Task What_makes_no_sense_is_refused(string arguments, string expected)
    {
        var outcome = await RunAsync(["lease", "list", .. arguments.Split(' ')]);

        Assert.Equal(new CliOutcome(2, "", $"ipamctl: {expected} Try 'ipamctl lease list --help'.\n"), outcome);
    }

    [Fact]
    public async Task Each_line_of_jsonl_is_an_object_like_those_of_json()
    {
        await GiveAsync(Three);

        var lines = (await RunAsync("lease", "list", "-o", "jsonl")).Output.TrimEnd('\n').Split('\n');

        using var json = JsonDocument.Parse((await RunAsync("lease", "list", "-o", "json")).Output);
        Assert.Equal(Three.Length, lines.Length);
        Assert.All(lines.Zip(json.RootElement.EnumerateArray()), static pair =>
        {
            using var line = JsonDocument.Parse(pair.First);
            Assert.True(JsonElement.DeepEquals(pair.Second, line.RootElement), pair.First);
        });
    }

    [Fact]
    public async Task Yaml_has_the_same_keys_and_quotes_all_text()
    {
        await GiveAsync(Three[1], Three[2]);

        var outcome = await RunAsync("lease", "list", "-o", "yaml");

        Assert.Equal(
            """
            - address: "fd00::9"
              space: "blue"
              network: "storage"
              containerId: "fd00::9-blue-container"
              interface: "eth0"
              entry: 0
              podNamespace: null
              podName: null
              podUid: null
              node: "node-a"
              netns: "/run/netns/a"
              sequence: 1772625600000001
              acquiredAt: "2026-03-04T12:00:00Z"
            - address: "10.0.0.9"
              space: "default"
              network: "pods"
              containerId: "10.0.0.9-default-container"
              interface: "eth0"
              entry: 0
              podNamespace: "shop"
              podName: "web-0"
              podUid: "uid-of-web-0"
              node: "node-a"
              netns: "/run/netns/a"
              sequence: 1772625600000001
              acquiredAt: "2026-03-04T12:00:00Z"

            """, outcome.Output);
    }

    [Theory]
    [InlineData("table", "ADDRESS  SPACE  NETWORK  CONTAINER  INTERFACE  POD  NODE  AGE\n")]
    [InlineData("json", "[]\n")]
    [InlineData("yaml", "[]\n")]
    public async Task No_lease_is_an_empty_list(string format, string expected)
    {
        await GiveAsync();

        Assert.Equal(new CliOutcome(0, expected, ""), await RunAsync("lease", "list", "-o", format));
    }

    [Theory]
    [InlineData("--space blue", "fd00::9")]
    [InlineData("--network pods", "10.0.0.9 10.0.0.100")]
    [InlineData("--node node-a", "fd00::9 10.0.0.9")]
    [InlineData("--namespace shop", "10.0.0.9")]
    [InlineData("--pod web-0", "10.0.0.9")]
    [InlineData("--pod shop/web-0", "10.0.0.9")]
    [InlineData("--pod bank/web-0", "")]
    [InlineData("--pod web", "")]
    [InlineData("--container 10.0.0.100-de", "10.0.0.100")]
    [InlineData("--node node-a --network pods", "10.0.0.9")]
    public async Task A_filter_leaves_what_it_names(string filter, string expected)
    {
        await GiveAsync(Three);

        var outcome = await RunAsync(["lease", "list", "-o", "json", .. filter.Split(' ')]);

        Assert.Equal(0, outcome.ExitCode);
        Assert.Equal(expected, string.Join(' ', Addresses(outcome.Output)));
    }

    [Fact]
    public async Task A_list_longer_than_a_page_is_whole_and_in_order()
    {
        // More than 256 blocks, which are read in one go.
        var leases = Enumerable.Range(0, 300).Select(i => Some.Lease($"10.1.{i / 4}.{i % 4 * 64 + 1}")).ToArray();
        await GiveAsync(leases);

        var outcome = await RunAsync("lease", "list", "-o", "json");

        Assert.Equal(leases.Select(lease => lease.Address.ToString()), Addresses(outcome.Output));
    }

    [Theory]
    [InlineData("json")]
    [InlineData("yaml")]
    public async Task No_text_in_a_document_controls_the_terminal(string format)
    {
        await GiveAsync(Some.Lease("10.0.0.9", network: "a\u001b[2J\r\u009b\u202eb\u2066", node: "\U000e0041x"));

        var output = (await RunAsync("lease", "list", "-o", format)).Output;

        Assert.DoesNotContain(output.EnumerateRunes(), static rune => rune.Value != '\n' && (System.Text.Rune.IsControl(rune) || System.Text.Rune.GetUnicodeCategory(rune) == System.Globalization.UnicodeCategory.Format));
        Assert.Contains("[2J", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hostile_name_stays_in_its_cell()
    {
        await GiveAsync(Some.Lease("10.0.0.9", network: "a\nb\tc", node: "\x1b[31mred", pod: new PodReference("\u202eevil", "back\\slash", "")));

        var outcome = await RunAsync("lease", "list");

        Assert.Equal(
            """
            ADDRESS   SPACE    NETWORK          CONTAINER      INTERFACE  POD                     NODE           AGE
            10.0.0.9  default  a\u000ab\u0009c  10.0.0.9-defa  eth0       \u202eevil/back\\slash  \u001b[31mred  5m

            """, outcome.Output);
    }

    [Theory]
    [InlineData("json", """    "network": "a\nb: \u0022c\u0022\u2028\u001B\u009B\u007F",""")]
    [InlineData("yaml", "  network: \"a\\nb: \\\"c\\\"\\L\\e\\x9B\\x7F\"")]
    public async Task A_hostile_name_is_one_string_on_one_line(string format, string expected)
    {
        await GiveAsync(Some.Lease("10.0.0.9", network: "a\nb: \"c\"\u2028\u001b\u009b\u007f"));

        var outcome = await RunAsync("lease", "list", "-o", format);

        Assert.Equal(expected, Assert.Single(outcome.Output.Split('\n'), line => line.Contains("network", StringComparison.Ordinal)));
    }

    private static string[] Addresses(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.EnumerateArray().Select(lease => lease.GetProperty("address").GetString()!).ToArray();
    }

    [Fact]
    public async Task A_pool_leaves_the_leases_in_its_ranges()
    {
        await GiveAsync(
            Some.Lease("10.1.0.5"), Some.Lease("10.1.0.9"), Some.Lease("10.1.0.20"), Some.Lease("10.1.0.5", space: "shop"));
        await RunAsync("pool", "create", "blue", "--range", "10.1.0.0/24,rangeEnd=10.1.0.10");
        await RunAsync("reservation", "add", "10.1.0.9");

        var leases = (await RunAsync("lease", "list", "--pool", "blue")).Output.Split('\n')[1..^1];

        Assert.Equal(["10.1.0.5  default", "10.1.0.9  default"], leases.Select(static line => line[..17]));
        Assert.DoesNotContain("10.1", (await RunAsync("lease", "list", "--pool", "blue", "--space", "shop")).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--space blu", "there is no space 'blu' in {0}, did you mean 'blue'?: nothing is in it; 'ipamctl space list' shows those that there are.")]
    [InlineData("--node node-c", "there is no node 'node-c' in {0}, did you mean 'node-a'?: no lease and no block is of it, and it is not registered; 'ipamctl node list' shows those that there are.")]
    [InlineData("--network disks", "there is no network 'disks' in {0}: no lease is of it; 'ipamctl top --by network' shows those that there are.")]
    public async Task A_name_that_nothing_has_is_said_and_is_not_found(string filter, string message)
    {
        await GiveAsync(Three);

        var outcome = await RunAsync(["lease", "list", "-o", "json", .. filter.Split(' ')]);

        Assert.Equal(new CliOutcome(3, "[]\n", $"ipamctl: {string.Format(System.Globalization.CultureInfo.InvariantCulture, message, DatabaseUrl)}\n"), outcome);
    }

    [Fact]
    public async Task What_cools_down_and_what_lies_outside_of_the_pools_is_listed_by_state()
    {
        await GiveAsync(Some.Lease("10.0.0.9"), Some.Lease("10.0.0.200"), Some.Lease("10.9.0.1"));
        Assert.Equal(0, (await RunAsync("pool", "create", "blue", "--range", "10.0.0.0/24,rangeEnd=10.0.0.99")).ExitCode);
        await using (var store = await StoreContent.OpenAsync(DatabaseFile))
        {
            var block = (await store.ReadBlocksAsync([BlockId.Of("default", Address.Parse("10.0.0.9"))], default)).Single();
            var cooling = block with { Cooling = [new CoolingAddress(3, Now.AddSeconds(90)), new CoolingAddress(4, Now.AddSeconds(-1))] };
            Assert.Equal(CommitStatus.Committed, (await store.CommitAsync([new BlockChange(cooling, [], [])], default))[0].Status);
        }

        Assert.Equal("10.0.0.200\n", (await RunAsync("lease", "list", "--state", "outside-pools", "-o", "name")).Output);
        Assert.Equal("", (await RunAsync("lease", "list", "--state", "outside-pools", "10.9.0.0/16", "-o", "name")).Output);
        Assert.Equal(
            """
            ADDRESS   SPACE    NODE  UNTIL                 LEFT
            10.0.0.3  default  -     2026-03-04T12:06:30Z  90s

            """, (await RunAsync("lease", "list", "--state", "cooling")).Output);
        Assert.Equal("", (await RunAsync("lease", "list", "--state", "cooling", "10.0.0.8/29", "-o", "name")).Output);
    }
}
