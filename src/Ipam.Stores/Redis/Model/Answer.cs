using StackExchange.Redis;

namespace Ipam.Stores.Redis.Model;

/// <summary>What a server answers, in the form it must have.</summary>
internal static class Answer
{
    /// <summary>A list.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public static RedisResult[] Parts(RedisResult answer) => (RedisResult[]?)answer ?? throw Missing("a list");

    /// <summary>A text.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public static string Text(RedisResult answer) => (string?)answer ?? throw Missing("a text");

    private static InvalidDataException Missing(string wanted) => new($"the server answered with nothing, and {wanted} was expected");
}
