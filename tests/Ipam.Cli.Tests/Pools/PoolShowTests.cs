using Ipam.Cli.Tests.Support;

namespace Ipam.Cli.Tests.Pools;

public sealed class PoolShowTests : CatalogTest
{
    [Fact]
    public async Task All_of_a_pool_is_on_its_card_and_what_lies_beside_its_ranges_below()
    {
        await DoAsync("pool", "create", "blue", "--range", "10.1.0.0/24,rangeStart=10.1.0.10,rangeEnd=10.1.0.19,gateway=10.1.0.254,exclude=10.1.0.15",
            "--range", "fd00::/120", "--route", "0.0.0.0/0", "--route", "192.168.0.0/16=10.1.0.2", "--affinity", "none", "--cooldown", "30", "--reuse-resting",
            "--node-label", "disk=fast", "--node-label", "zone=a", "--namespace", "shop", "--namespace", "lab", "--namespace-label", "tier=gold", "--pod-label", "app=web", "--pod-label", "x=y",
            "--network", "pods", "--network", "storage", "--quota", "shop=100", "--quota", "*=20");
        await DoAsync("pool", "create", "neighbour", "--range", "10.1.0.0/24,rangeStart=10.1.0.30,rangeEnd=10.1.0.39");
        await GiveAsync(
            Some.Lease("10.1.0.10"), Some.Lease("10.1.0.15"), Some.Lease("10.1.0.30"), Some.Lease("10.1.0.50"), Some.Lease("10.1.0.50", space: "other"),
            Some.Lease("10.2.0.1"));
        await using (var store = await StoreContent.OpenAsync(DatabaseFile))
            Assert.True(await store.Quotas.PutAsync("blue/lab", null, "stamp\n2 a\n1 b", default));

        Assert.Equal(
            """
            NAME              blue
            SPACE             default
            STATE             enabled
            RANGE             10.1.0.0/24: 10.1.0.10-10.1.0.19, gateway 10.1.0.254, without 10.1.0.15
            RANGE             fd00::/120
            ROUTE             0.0.0.0/0
            ROUTE             192.168.0.0/16 via 10.1.0.2
            SIZE              9/254
            RESERVED          0/0
            USED              1/0
            FREE              8/254
            USED%             11.1/0.0
            FULL IN           not known: its use has been watched for 0 hours, and 96 are needed to know what a day is like
            COURSE            -
            ORDER             next
            AFFINITY          none
            STRICT            no
            COOLDOWN          30s
            REUSE RESTING     yes
            STICKY            no
            NODES             -
            NODE LABELS       disk=fast, zone=a
            NAMESPACES        shop, lab
            NAMESPACE LABELS  tier=gold
            POD LABELS        app=web, x=y
            NETWORKS          pods, storage
            QUOTAS            shop=100,*=20
            TAKEN             lab: 3 of 20
            TAKEN             shop: 0 of 100
            CREATED           2026-03-04T12:00:00Z
            AGE               5m
            OUTSIDE           2 leases in no pool's ranges

            Leases in its subnets that lie in no pool's ranges:
            ADDRESS    SPACE    NETWORK  CONTAINER      INTERFACE  POD  NODE    AGE
            10.1.0.15  default  pods     10.1.0.15-def  eth0       -    node-a  5m
            10.1.0.50  default  pods     10.1.0.50-def  eth0       -    node-a  5m

            """, await DoAsync("pool", "show", "blue"));
    }

    [Fact]
    public async Task A_lease_of_a_reserved_address_lies_inside()
    {
        await DoAsync("pool", "create", "blue", "--range", "10.1.0.0/28");
        await DoAsync("reservation", "add", "10.1.0.5");
        await GiveAsync(Some.Lease("10.1.0.5"));

        var output = await DoAsync("pool", "show", "blue");

        Assert.Matches("RESERVED +1\nUSED +0\n", output);
        Assert.EndsWith("OUTSIDE           -\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_range_without_a_gateway_says_so_and_hands_out_its_first_address()
    {
        await DoAsync("pool", "create", "blue", "--range", "10.1.0.0/29,gateway=none");

        var output = await DoAsync("pool", "show", "blue");

        Assert.Matches("RANGE +10.1.0.0/29, gateway none\n", output);
        Assert.Matches("SIZE +6\n", output);
    }

    [Fact]
    public async Task A_range_without_edges_says_so_and_its_size_is_without_them()
    {
        await DoAsync("pool", "create", "blue", "--range", "10.1.0.0/22,skipEdges=true,exclude=10.1.1.255-10.1.2.5");

        var output = await DoAsync("pool", "show", "blue");

        Assert.Matches("RANGE +10.1.0.0/22, without 10.1.1.255-10.1.2.5, the .0 and .255 of each /24\n", output);
        Assert.Matches("SIZE +1010\n", output);
        await GiveAsync(Some.Lease("10.1.0.255"), Some.Lease("10.1.3.9"));
        Assert.Matches("USED +1\n", await DoAsync("pool", "show", "blue"));
        Assert.Contains("OUTSIDE           1 leases in no pool's ranges", await DoAsync("pool", "show", "blue"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_range_that_allows_others_on_request_says_so()
    {
        await DoAsync("pool", "create", "blue", "--range", "10.1.0.0/24,rangeStart=10.1.0.100,allowOutside=true");

        Assert.Matches("RANGE +10.1.0.0/24: 10.1.0.100-10.1.0.254, others of the subnet on request\n", await DoAsync("pool", "show", "blue"));
    }

    [Fact]
    public async Task Json_has_the_leases_beside_the_ranges_in_full()
    {
        await DoAsync("pool", "create", "blue", "--range", "10.1.0.0/28,exclude=10.1.0.5");
        await GiveAsync(Some.Lease("10.1.0.5"));

        var output = await DoAsync("pool", "show", "blue", "-o", "json");

        Assert.Contains("\"outside\": [\n        {\n          \"address\": \"10.1.0.5\",\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_json_prints_makes_the_same_pool_again()
    {
        await DoAsync("pool", "create", "blue", "--range", "10.1.0.0/24,rangeStart=10.1.0.10,gateway=10.1.0.254,exclude=10.1.0.15", "--range", "fd00::/120",
            "--space", "shop", "--order", "lowest", "--affinity", "node", "--strict", "--cooldown", "30", "--reuse-resting", "--route", "0.0.0.0/0=10.1.0.254",
            "--node", "a", "--node-label", "disk=fast", "--namespace", "shop", "--disabled");
        var json = await DoAsync("pool", "show", "blue", "-o", "json");

        Input = json.Trim().TrimStart('[').TrimEnd(']').Replace("\"blue\"", "\"copy\"", StringComparison.Ordinal);
        Assert.Equal("created pool copy in space shop, addresses: 497\n", await DoAsync("pool", "create", "-f", "-"));

        Assert.Equal(json.Replace("\"blue\"", "\"copy\"", StringComparison.Ordinal), await DoAsync("pool", "show", "copy", "-o", "json"));
    }

    [Theory]
    [InlineData("pool show red")]
    [InlineData("pool edit red --set order=next")]
    [InlineData("pool edit red")]
    [InlineData("pool delete red --yes")]
    [InlineData("pool disable red")]
    [InlineData("pool enable red")]
    [InlineData("lease list --pool red")]
    public async Task A_pool_that_is_not_there_is_not_found(string arguments)
    {
        var outcome = await RunAsync(arguments.Split(' '));

        Assert.Equal(
            new CliOutcome(3, "", $"ipamctl: there is no pool 'red' in {DatabaseUrl}; 'ipamctl pool list' shows those that there are.\n"), outcome);
    }
}
