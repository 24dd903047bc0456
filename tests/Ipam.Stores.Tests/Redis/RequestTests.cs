using System.Text;
using Ipam.Stores.Redis.Requests;
using Ipam.Stores.Redis.Scripts;
using StackExchange.Redis;

namespace Ipam.Stores.Tests.Redis;

/// <summary>Requests in lent memory.</summary>
public sealed class RequestTests
{
    [Fact]
    public void Values_stay_what_they_are_while_the_memory_grows()
    {
        using var request = Request.Of("SADD", "key");
        var wanted = new List<string> { "key" };
        for (var i = 0; i < 3_000; i++)
        {
            request.Write("a"u8);
            request.Write(i);
            request.Write(":"u8);
            request.Write((ulong)i, "x16");
            request.End();
            wanted.Add($"a{i}:{i:x16}");
        }
        for (var i = 0; i < 100; i++)
            request.Write(Encoding.UTF8.GetBytes(new string((char)('a' + (i % 26)), 1_000)));
        request.End();
        wanted.Add(string.Concat(Enumerable.Range(0, 100).Select(i => new string((char)('a' + (i % 26)), 1_000))));
        var before = request.WriteList("ü\"", static (list, text) =>
        {
            list.WriteStringValue(text);
            return list.BytesCommitted + list.BytesPending;
        });
        Assert.Equal("[\"ü\\\"\"".Length + 1, before);
        request.End();
        request.WriteList(7, static (list, number) =>
        {
            list.WriteNumberValue(number);
            return true;
        });
        request.End();
        wanted.AddRange(["[\"ü\\\"\"]", "[7]"]);

        Assert.Equal(wanted, request.Arguments.ToArray().Select(Text));
        Assert.Equal(wanted, request.ToObjects().Select(item => item is RedisKey key ? $"{key}" : Encoding.UTF8.GetString((byte[])item)));
    }

    [Fact]
    public void A_script_is_named_by_its_hash_and_once_by_its_text()
    {
        using var request = Request.Of(Script.Find, "a", "b");
        Assert.Equal(("EVALSHA", "a"), (request.Command, $"{request.Route}"));
        Assert.Equal([Script.Find.Sha, "2", "a", "b"], request.Arguments.ToArray().Select(Text));

        Assert.True(request.TryUseText());

        Assert.Equal("EVAL", request.Command);
        Assert.Equal([Script.Find.Text, "2", "a", "b"], request.Arguments.ToArray().Select(Text));
        Assert.False(request.TryUseText());
        Assert.False(Request.Of("GET", "a").TryUseText());
    }

    private static string? Text(RedisKeyOrValue item) => item.IsKey ? $"{item.Key}" : (string?)item.Value;
}
