using Ipam.Core.Stores;

namespace Ipam.Service.Hosting;

/// <summary>What an ipamd does in its role. Members are called one after the other, but for <see cref="ServeAsync"/>, and <see cref="StandAsync"/> beside <see cref="RunAsync"/>.</summary>
internal interface IRole : IAsyncDisposable
{
    /// <summary>Serves a request.</summary>
    Task ServeAsync(HttpContext http);

    /// <summary>Opens the store. Throws <see cref="StoreException"/> if trying again can't help.</summary>
    Task OpenAsync(CancellationToken stopping);

    /// <summary>Stands for election until cancelled, if it may lead, then gives up the lead.</summary>
    Task StandAsync(CancellationToken cancellationToken);

    /// <summary>Does what is to be done beside serving, until the service stops.</summary>
    Task RunAsync(CancellationToken stopping);

    /// <summary>Takes its leave of the store.</summary>
    Task CloseAsync();
}
