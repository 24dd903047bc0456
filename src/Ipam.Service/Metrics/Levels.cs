using Ipam.Core.Allocation;

namespace Ipam.Service.Metrics;

/// <summary>What is so at the moment of a scrape.</summary>
/// <param name="IsReady">Whether the store is open and its blocks are loaded.</param>
/// <param name="IsStoreUp">Whether the store serves.</param>
/// <param name="Spooled">How many releases are in the spool.</param>
/// <param name="Queues">How much waits in the allocator.</param>
internal readonly record struct Levels(bool IsReady, bool IsStoreUp, int Spooled, QueueLengths Queues);
