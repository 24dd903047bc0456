using Ipam.Core.Stores;

namespace Ipam.Stores.Tests.Contract;

/// <summary>Texts by name: where sticky owners find their addresses, and who holds how much of a quota.</summary>
public abstract partial class StoreContract
{
    [Fact]
    public async Task A_text_is_written_by_compare_and_swap_and_those_of_another_kind_are_others()
    {
        const string name = "StatefulSet/shop/web-0/eth0/net \"ü\"";
        foreach (var records in (INamedTexts[])[Store.Sticky, Store.Quotas])
            await WriteAsync(records, name);
        Assert.Equal("other", Assert.Single(await Store.Sticky.ListAsync(default)).Key);
    }

    [Fact]
    public async Task Of_many_who_write_a_text_at_once_one_does()
    {
        var wrote = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => Store.Sticky.PutAsync("race", null, $"{i}", default))));

        Assert.Single(wrote, static one => one);
        Assert.Equal($"{Array.IndexOf(wrote, true)}", await Store.Sticky.FindAsync("race", default));
    }

    private static async Task WriteAsync(INamedTexts records, string name)
    {
        Assert.Null(await records.FindAsync(name, default));
        Assert.False(await records.PutAsync(name, "a\n1", "b", default));
        Assert.True(await records.PutAsync(name, null, "a\n1", default));
        Assert.False(await records.PutAsync(name, null, "b", default));
        Assert.False(await records.PutAsync(name, "b", "c", default));
        Assert.Equal("a\n1", await records.FindAsync(name, default));

        Assert.True(await records.PutAsync(name, "a\n1", "a\n1 b", default));
        Assert.True(await records.PutAsync("other", null, "x", default));
        Assert.Equal([new(name, "a\n1 b"), new("other", "x")], (await records.ListAsync(default)).OrderBy(static record => record.Key, StringComparer.Ordinal));

        Assert.False(await records.PutAsync(name, "a\n1", null, default));
        Assert.True(await records.PutAsync(name, "a\n1 b", null, default));
        Assert.Null(await records.FindAsync(name, default));
        Assert.Equal("other", Assert.Single(await records.ListAsync(default)).Key);
    }
}
