using System.Globalization;
using System.Security.Authentication;
using System.Text.RegularExpressions;
using Ipam.Core.Stores;
using Ipam.Stores.Redis.Scripts;
using StackExchange.Redis;

namespace Ipam.Stores.Redis.Connecting;

/// <summary>Puts what goes wrong with a server into words.</summary>
internal sealed partial class RedisErrors(RedisStoreOptions options)
{
    private const string PasswordAdvice = "The server wants a password, or another one; give it as redis://[user]:password@... or passwordFile=FILE.";
    private const string SentinelPasswordAdvice =
        "The Sentinels want a user or a password, or other ones; give them by sentinelUser=USER and sentinelPassword=PASSWORD or sentinelPasswordFile=FILE.";
    private const string CertificateAdvice = "The server's certificate isn't trusted, or is for another name; name its authorities by ca=FILE in the store's URL.";
    private const string PermissionAdvice = "The user may not do this; allow it the keys ipam:* and the commands that docs/stores.md lists.";
    private const string NodeAdvice = "Check that this machine reaches each node of the cluster at the address that 'redis-cli cluster nodes' shows.";

    /// <summary>What to throw instead of <paramref name="error"/>; null if it is none of the client's.</summary>
    /// <param name="error">What the client threw.</param>
    /// <param name="doing">What was tried, to complete "failed to ...".</param>
    /// <param name="script">The script that was run, if it was one.</param>
    public StoreException? Describe(Exception error, string doing, Script? script = null) => error is RedisServerException && IsDeniedInScript(error.Message)
        ? Failed(doing, error, $"the user {User} may not run {DeniedIn(script, error.Message)}", PermissionAdvice)
        : Describe(error, doing, PasswordAdvice, script is { Writes: true } ? " What was asked may have been done." : "");

    /// <summary>What to throw when no Sentinel answers.</summary>
    public StoreException DescribeSentinels(Exception error) => Describe(error, "ask the Sentinels for the master", SentinelPasswordAdvice)!;

    /// <summary>What to throw about a server that can't be worked with.</summary>
    public StoreException Refuse(string why) => new(Warn(why)) { IsPermanent = true };

    /// <summary>What to throw about servers that can't be worked with as they are now.</summary>
    public StoreException RefuseNow(string why) => new(Warn(why));

    /// <summary>What to say about the server as it is set up.</summary>
    public string Warn(string what) => $"Redis store {options.Description}: {what}";

    /// <summary>What to throw about a space whose data are others, or older ones, than they were.</summary>
    public StoreException Lost(string space) => new(Warn($"the data of space '{space}' are others, or older ones, than they were")) { IsLoss = true };

    /// <summary>What to throw about a commit that too few replicas have.</summary>
    public StoreException TooFewReplicas(long found) => new(
        $"Redis store {options.Description}: the commit is written on the master, and only {found} of the {options.Replicas} replicas asked for have it after "
        + $"{options.ReplicaTimeout.TotalSeconds:0.#} s. Check the replicas, or lower wait in the store's URL.");

    /// <summary>
    /// Whether the server sent the command elsewhere or away, while a cluster moves keys, and so did nothing: it may be tried again.
    /// (A place to go on at that isn't known yet, or not followed, is an error of this kind without having been sent.)
    /// </summary>
    public static bool IsSentAway(RedisException error) => error
        is RedisServerException { Kind: RedisErrorKind.Moved or RedisErrorKind.Ask or RedisErrorKind.TryAgain or RedisErrorKind.UnknownRedirectTarget }
        or RedisConnectionException { FailureType: ConnectionFailureType.UnableToConnect, CommandStatus: not CommandStatus.Sent };

    private string User => options.User ?? "default";

    private StoreException? Describe(Exception error, string doing, string passwordAdvice, string doubt = "") => error switch
    {
        RedisServerException { Kind: RedisErrorKind.Moved or RedisErrorKind.Ask or RedisErrorKind.UnknownRedirectTarget } => Failed(
            doing, error, "the cluster's node that has these keys doesn't answer", NodeAdvice),
        RedisServerException { Kind: RedisErrorKind.NoAuth or RedisErrorKind.WrongPass } => Failed(doing, error, error.Message, passwordAdvice),
        RedisServerException => Failed(doing, error, error.Message, AdviceOnAnswer(error.Message)),
        TimeoutException => Failed(
            doing, error, $"no answer within {options.CallTimeout.TotalSeconds:0.#} s",
            "Check that the server is up, reachable and not overloaded." + doubt),
        RedisConnectionException { FailureType: ConnectionFailureType.AuthenticationFailure } => Failed(
            doing, error, "no login", error.InnerException is AuthenticationException ? CertificateAdvice : passwordAdvice),
        RedisConnectionException { FailureType: ConnectionFailureType.UnableToConnect } => Failed(
            doing, error, "no connection",
            "Check that the server is up and reachable, and that its user, if it has one for us, may run the commands that docs/stores.md lists."),
        RedisConnectionException => Failed(doing, error, "the connection broke off", "Check that the server is up and reachable." + doubt),
        RedisException or RedisCommandException or ObjectDisposedException => Failed(
            doing, error, error.Message, "Check that the server is up and reachable, and that it is the master." + doubt),
        InvalidDataException => Failed(
            doing, error, error.Message, "The data were edited by another program, or are damaged; stop all users of them and put back a copy, or empty the database."),
        OperationCanceledException or StoreException or ArgumentException => null,
        _ => Failed(doing, error, error.Message, "Check that the server is up and reachable." + doubt),
    };

    private StoreException Failed(string doing, Exception error, string what, string advice) =>
        new($"Redis store {options.Description}: failed to {doing}: {what.TrimEnd('.', ' ', ';')}. {advice}", error);

    // Redis 6 and 7.0, then 7.2 and newer. Not all name the command, and all name the script's line.
    private static bool IsDeniedInScript(string answer) =>
        answer.Contains("The user executing the script can't run", StringComparison.Ordinal) || answer.Contains("ACL failure in script", StringComparison.Ordinal);

    private static string DeniedIn(Script? script, string answer) =>
        Line().Match(answer) is { Success: true } line ? script?.CommandAt(int.Parse(line.ValueSpan["user_script:".Length..], CultureInfo.InvariantCulture)) ?? answer : answer;

    [GeneratedRegex("user_script:[0-9]{1,4}")]
    private static partial Regex Line();

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
        "NOPERM" => PermissionAdvice,
        "LOADING" => "The server is reading its data after a start; wait until it is done.",
        "READONLY" => "The server is a replica, or became one; name the master, or its Sentinels.",
        "OOM" => "The server's memory is full; raise its maxmemory. What was committed before is safe.",
        "MISCONF" => "The server can't write to its disk and takes no changes; see its log.",
        "CLUSTERDOWN" or "MASTERDOWN" => "The server's cluster can't serve now; see 'redis-cli cluster info'.",
        "TRYAGAIN" => "The cluster is moving these keys from node to node; if that doesn't end, see 'redis-cli --cluster check'.",
        "BUSY" => "A script of another program keeps the server busy; see 'redis-cli script kill'.",
        "NOREPLICAS" => "The server has fewer replicas than its min-replicas-to-write; check them.",
        _ => null,
    };
}
