using System.Security.Authentication;
using Ipam.Core.Stores;
using StackExchange.Redis;

namespace Ipam.Stores.Redis.Connecting;

/// <summary>Puts what goes wrong with a server into words.</summary>
internal sealed class RedisErrors(RedisStoreOptions options)
{
    private const string PasswordAdvice = "The server wants a password, or another one; give it as redis://[user]:password@... or passwordFile=FILE.";
    private const string CertificateAdvice = "The server's certificate isn't trusted, or is for another name; name its authorities by ca=FILE in the store's URL.";

    /// <summary>What to throw instead of <paramref name="error"/>; null if it is none of the client's.</summary>
    /// <param name="error">What the client threw.</param>
    /// <param name="doing">What was tried, to complete "failed to ...".</param>
    public StoreException? Describe(Exception error, string doing) => error switch
    {
        RedisServerException => Failed(doing, error, AdviceOnAnswer(error.Message)),
        TimeoutException => Failed(
            doing, error, $"no answer within {options.CallTimeout.TotalSeconds:0.#} s",
            "Check that the server is up, reachable and not overloaded. What was asked may have been done."),
        RedisConnectionException { FailureType: ConnectionFailureType.AuthenticationFailure } => Failed(
            doing, error, "no login", error.InnerException is AuthenticationException ? CertificateAdvice : PasswordAdvice),
        RedisException or ObjectDisposedException => Failed(
            doing, error, "Check that the server is up and reachable, and that it is the master. What was asked may have been done."),
        InvalidDataException => Failed(
            doing, error, "The data were edited by another program, or are damaged; stop all users of them and put back a copy, or empty the database."),
        _ => null,
    };

    /// <summary>What to throw about a server that can't be worked with.</summary>
    public StoreException Refuse(string why) => new($"Redis store {options.Description}: {why}") { IsPermanent = true };

    /// <summary>What to say about the server as it is set up.</summary>
    public string Warn(string what) => $"Redis store {options.Description}: {what}";

    /// <summary>What to throw about a commit that too few replicas have.</summary>
    public StoreException TooFewReplicas(long found) => new(
        $"Redis store {options.Description}: the commit is written on the master, and only {found} of the {options.Replicas} replicas asked for have it after "
        + $"{options.ReplicaTimeout.TotalSeconds:0.#} s. Check the replicas, or lower wait in the store's URL.");

    private StoreException Failed(string doing, Exception error, string advice) => Failed(doing, error, error.Message, advice);

    private StoreException Failed(string doing, Exception error, string what, string advice) =>
        new($"Redis store {options.Description}: failed to {doing}: {what.TrimEnd('.')}. {advice}", error);

    // The first word is the kind of error, but for older servers, which put what a script ran into behind the script's name.
    private static string AdviceOnAnswer(string answer)
    {
        foreach (var word in answer.Split(' '))
        {
            if (AdviceOn(word.TrimStart('-')) is { } advice)
                return advice;
        }
        return "See the server's log.";
    }

    private static string? AdviceOn(string kind) => kind switch
    {
        "NOAUTH" or "WRONGPASS" => PasswordAdvice,
        "NOPERM" => "The user may not do this; allow it the keys ipam:* and the commands that docs/stores.md lists.",
        "LOADING" => "The server is reading its data after a start; wait until it is done.",
        "READONLY" => "The server is a replica, or became one; name the master, or its Sentinels.",
        "OOM" => "The server's memory is full; raise its maxmemory. What was committed before is safe.",
        "MISCONF" => "The server can't write to its disk and takes no changes; see its log.",
        "CLUSTERDOWN" or "TRYAGAIN" or "MASTERDOWN" => "The server's cluster can't serve now; see 'redis-cli cluster info'.",
        "BUSY" => "A script of another program keeps the server busy; see 'redis-cli script kill'.",
        "NOREPLICAS" => "The server has fewer replicas than its min-replicas-to-write; check them.",
        _ => null,
    };
}
