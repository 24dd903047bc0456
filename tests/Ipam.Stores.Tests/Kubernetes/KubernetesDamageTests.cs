using System.Text.Json.Nodes;
using Ipam.Core.Addresses;
using Ipam.Core.Administration;
using Ipam.Core.Blocks;
using Ipam.Core.Pools;
using Ipam.Core.Stores;
using Ipam.Stores.Kubernetes.Blocks;
using Ipam.Stores.Tests.Damage;
using Ipam.Stores.Tests.Kubernetes.Support;

namespace Ipam.Stores.Tests.Kubernetes;

public sealed class KubernetesDamageTests
{
    private const int Rounds = 4;
    private const int Wanted = 2_000;
    private const int Readings = 10_000;

    [Fact]
    public async Task Whatever_is_spoiled_in_objects_the_rest_is_served_and_no_address_has_two_owners()
    {
        var (spoiled, damaged) = (0, 0);
        for (var round = 0; round < Rounds; round++)
        {
            var memory = new MemoryApi();
            await using var api = new FakeApi(memory.Answer);
            var game = new DamageGame(async () => await api.OpenAsync(), (random, _) => Spoil(memory, random), oneReleasedIn: 20);
            var counts = await game.PlayAsync(round);
            (spoiled, damaged) = (spoiled + counts.Spoiled, damaged + counts.Damaged);
        }
        Assert.True(spoiled >= Wanted, $"only {spoiled} objects were spoiled");
        Assert.True(damaged > Wanted / 4, $"only {damaged} blocks were found damaged");
    }

    [Fact]
    public void Whatever_is_spoiled_in_an_object_it_is_read_whole_or_damaged_and_what_follows_it_is_read()
    {
        var lease = Contract.Some.Lease("10.0.0.5");
        var block = Contract.Change.Give(Contract.Some.NoBlock() with { Version = 7, Node = "node-b", Cooling = [new CoolingAddress(9, DateTimeOffset.UnixEpoch)] }, lease, Contract.Some.Lease("10.0.0.6")).Block;
        var bytes = new System.Buffers.ArrayBufferWriter<byte>();
        using (var json = new System.Text.Json.Utf8JsonWriter(bytes))
            BlockKind.Instance.Write(json, new Named<Block>(BlockName.Of(block.Id), block));
        var text = System.Text.Encoding.UTF8.GetString(bytes.WrittenSpan);
        var random = new Random(1);
        var damaged = 0;
        for (var i = 0; i < Readings; i++)
        {
            var item = (JsonObject)JsonNode.Parse(text)!;
            Spoil(random, item, random.Next(3) == 0 ? "metadata" : "spec");
            var json = new System.Text.Json.Utf8JsonReader(System.Text.Encoding.UTF8.GetBytes($"[{item.ToJsonString()},{item.ToJsonString()}]"));
            json.Read();
            json.Read();
            var read = BlockKind.Instance.Read(ref json);
            json.Read();
            var summary = SummaryKind.Instance.Read(ref json);
            Assert.True(json.Read() && json.TokenType == System.Text.Json.JsonTokenType.EndArray);
            Assert.All((DamagedBlock?[])[read.Damage, summary.Damage], damage => Assert.True(damage is null || damage.Id == block.Id, damage?.ToString()));
            // Nobody's address is free.
            Assert.True(read.Damage is not null || read.Value!.Held == block.Held, item.ToJsonString());
            damaged += read.Damage is null ? 0 : 1;
        }
        Assert.True(damaged > Readings / 2, $"{damaged} were damaged");
    }

    [Theory]
    [InlineData("ipamsuite.dev/held", "annotation ipamsuite.dev/held is missing")]
    [InlineData("ipamsuite.dev/space", "the label ipamsuite.dev/space is ''")]
    public async Task A_block_without_what_listings_go_by_is_damaged_and_the_others_are_read(string note, string why)
    {
        var memory = new MemoryApi();
        await using var api = new FakeApi(memory.Answer);
        await using var store = await api.OpenAsync();
        await store.CommitAsync([Contract.Change.Give(Contract.Some.NoBlock(), Contract.Some.Lease("10.0.0.1")), Contract.Change.Give(Contract.Some.NoBlock("10.0.1.0"), Contract.Some.Lease("10.0.1.1"))], default);
        foreach (var notes in (string[])["labels", "annotations"])
            ((JsonObject)memory.Of("ipblocks").First().Value["metadata"]![notes]!).Remove(note);

        var summaries = await store.ListSummariesAsync(BlockFilter.All, default);
        Assert.Equal("default 10.0.1.0/26", Assert.Single(summaries).Id.ToString());
        Assert.Equal("default 10.0.0.0/26", Assert.Single(summaries.Damaged).Id.ToString());
        var found = await store.ReadBlocksAsync([summaries[0].Id, summaries.Damaged[0].Id!.Value], default);
        Assert.Single(found);
        Assert.Contains(why, Assert.Single(found.Damaged).Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("zz")]
    [InlineData("11111111111111111")]
    [InlineData("")]
    public async Task A_number_of_held_addresses_that_is_none_is_told_in_a_sentence(string held)
    {
        var memory = new MemoryApi();
        await using var api = new FakeApi(memory.Answer);
        await using var store = await api.OpenAsync();
        await store.CommitAsync([Contract.Change.Give(Contract.Some.NoBlock(), Contract.Some.Lease("10.0.0.1"))], default);
        memory.Of("ipblocks").First().Value["metadata"]!["annotations"]!["ipamsuite.dev/held"] = held;

        var damaged = Assert.Single((await store.ListSummariesAsync(BlockFilter.All, default)).Damaged);

        Assert.Contains($": the annotation ipamsuite.dev/held is '{held}', and 1 to 16 hexadecimal digits were expected; look at it with", damaged.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_pool_can_be_deleted()
    {
        var memory = new MemoryApi();
        await using var api = new FakeApi(memory.Answer);
        await using var store = await api.OpenAsync();
        var editor = new CatalogEditor(store);
        Assert.Equal(EditOutcome.Done, await editor.CreateAsync(new Pool { Name = "blue", Ranges = [new PoolRange { Subnet = Prefix.Parse("10.1.0.0/16") }] }, default));
        memory.Of("ippools")["blue"]["spec"]!["ranges"] = "x";
        memory.Of("ippools")["blue"]["metadata"]!["resourceVersion"] = "900";
        var damaged = Assert.Single((await store.Pools.ReadAsync(default)).Damaged);

        Assert.Equal(EditOutcome.Done, await editor.DeleteAsync(damaged, default));

        Assert.Empty(memory.Of("ippools"));
    }

    [Fact]
    public async Task An_owner_that_a_damaged_block_mentions_is_told_of_it()
    {
        var memory = new MemoryApi();
        await using var api = new FakeApi(memory.Answer);
        await using var store = await api.OpenAsync();
        var lease = Contract.Some.Lease("10.0.0.1");
        await store.CommitAsync([Contract.Change.Give(Contract.Some.NoBlock(), lease)], default);
        memory.Of("ipblocks").First().Value["spec"]!["lastOffset"] = 99;

        Assert.Single((await store.FindLeasesAsync(lease.Owner, "node-a", default)).Damaged);
        Assert.Empty((await store.FindLeasesAsync(Contract.Some.Owner(), "node-a", default)).Damaged);
    }

    private static int Spoil(MemoryApi memory, Random random)
    {
        var spoiled = 0;
        foreach (var item in memory.Of("ipblocks").Values)
            spoiled += Spoil(random, item, random.Next(3) == 0 ? "metadata" : "spec");
        foreach (var item in memory.Of("ippools").Values.Concat(memory.Of("ipreservations").Values))
            spoiled += Spoil(random, item, "spec");
        return spoiled;
    }

    /// <summary>Changes something in a part of an object, but for what the server itself writes.</summary>
    private static int Spoil(Random random, JsonObject item, string part)
    {
        var places = new List<(JsonNode Parent, string? Key, int Index)>();
        Collect(item[part]!, places);
        places.RemoveAll(static place => place.Key is "name" or "uid" or "resourceVersion" or "previous" or "prefix" or "used");
        var (parent, key, index) = places[random.Next(places.Count)];
        var text = (key is null ? parent[index] : parent[key]) is JsonValue value ? value.ToString() : "";
        JsonNode? changed = random.Next(12) switch
        {
            0 => null,
            1 => JsonValue.Create(0),
            2 => JsonValue.Create(-1),
            3 => JsonValue.Create(long.MaxValue),
            4 => JsonValue.Create(1L << 40),
            5 => new JsonArray(JsonValue.Create("x")),
            6 => new JsonObject { ["x"] = 1 },
            7 => JsonValue.Create(new string('y', 5_000)),
            8 => JsonValue.Create(text.Length == 0 ? "x" : text[..random.Next(text.Length)]),
            9 => JsonValue.Create(text + (char)random.Next(32, 300)),
            10 => JsonValue.Create(text.Length == 0 ? "" : text.Remove(random.Next(text.Length), 1)),
            _ => JsonValue.Create(text.Replace('1', '7').Replace('=', ' ')),
        };
        switch (parent)
        {
            case JsonObject owner when random.Next(4) == 0:
                owner.Remove(key!);
                break;
            case JsonObject owner:
                owner[key!] = changed;
                break;
            case JsonArray list when random.Next(3) == 0:
                list.RemoveAt(index);
                break;
            case JsonArray list when random.Next(3) == 0:
                list.Add(list[index]!.DeepClone());
                break;
            case JsonArray list:
                list[index] = changed;
                break;
        }
        return 1;
    }

    private static void Collect(JsonNode node, List<(JsonNode Parent, string? Key, int Index)> places)
    {
        if (node is JsonObject item)
        {
            foreach (var (key, value) in item)
            {
                places.Add((item, key, 0));
                if (value is not null)
                    Collect(value, places);
            }
        }
        else if (node is JsonArray list)
        {
            for (var i = 0; i < list.Count; i++)
            {
                places.Add((list, null, i));
                if (list[i] is { } value)
                    Collect(value, places);
            }
        }
    }
}
