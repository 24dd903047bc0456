using System.Net;
using System.Reflection;
using Xunit.Sdk;

namespace EndToEnd.Support.Stores;

/// <summary>A store that nodes share, served for as long as this object lives.</summary>
internal abstract class StoreServer : IAsyncDisposable
{
    /// <summary>Starts the server of a kind of store: sqlite, redis or kubernetes.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="address">Where it listens; null for 127.0.0.1.</param>
    public static async Task<StoreServer> StartAsync(string kind, IPAddress? address = null) => kind switch
    {
        "sqlite" => new SqliteStoreServer(),
        "redis" => await RedisStoreServer.StartAsync(address ?? IPAddress.Loopback),
        "kubernetes" => await KubernetesStoreServer.StartAsync(address ?? IPAddress.Loopback),
        _ => throw new ArgumentException($"there is no store of the kind '{kind}'; there are sqlite, redis and kubernetes"),
    };

    /// <summary>What is missing here for a kind of store; null if nothing is.</summary>
    public static string? WhyMissing(string kind) => kind switch
    {
        "kubernetes" => ControlPlaneAssets.WhyMissing,
        "redis" => Requirements.WhatIsMissing("redis-server"),
        _ => null,
    };

    /// <summary>Its port; null if it has none, as nobody connects to it.</summary>
    public abstract int? Port { get; }

    /// <summary>The URL of the store.</summary>
    /// <param name="port">The port of a proxy on 127.0.0.1 in front of it; null for the server itself.</param>
    public abstract string Url(int? port = null);

    /// <summary>Keeps a copy of the data as they are now.</summary>
    public abstract Task SaveAsync();

    /// <summary>Puts the copy in place of the data, without a word to those who use them.</summary>
    public abstract Task RestoreAsync();

    /// <summary>Loses all data.</summary>
    public abstract Task EmptyAsync();

    public abstract ValueTask DisposeAsync();
}

/// <summary>A test on a store whose server must be there.</summary>
public sealed class StoreFactAttribute : FactAttribute
{
    public StoreFactAttribute(string kind) => Skip = StoreServer.WhyMissing(kind);
}

/// <summary>A row of a theory for a kind of store, skipped where its server is missing.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public class StoreDataAttribute : DataAttribute
{
    private readonly string _kind;

    public StoreDataAttribute(string kind) => (_kind, Skip) = (kind, StoreServer.WhyMissing(kind));

    /// <summary>What else the test is told, a row for each; null if it is told nothing else.</summary>
    protected virtual IEnumerable<string>? Others => null;

    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => Others?.Select(other => new object[] { _kind, other }) ?? [[_kind]];
}
