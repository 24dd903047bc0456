using System.Diagnostics;
using System.Globalization;
using Ipam.Core.Leadership;
using Ipam.Core.Stores;

namespace Ipam.Stores.Tests.Support;

/// <summary>
/// Says <c>ready</c> and stands for election. While it leads it prints, many times a second, the timestamp at which it did: that of the machine's monotonic clock, which all processes
/// share. It reads <c>cut</c> and <c>mend</c>, which part it from the store and bring it back, and <c>stop</c>.
/// </summary>
internal sealed class Lead(IIpamStore store, string name, TimeSpan term)
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(10);

    private readonly Link _link = new(store.Leaders);

    /// <summary>Runs until it reads <c>stop</c>, or nothing more.</summary>
    public async Task RunAsync()
    {
        var options = new CandidateOptions { LeaseDuration = term, RenewDeadline = term * 0.7, RetryPeriod = term * 0.1 };
        var candidate = new Candidate(_link, "election", name, options, TimeProvider.System, Random.Shared);
        using var stop = new CancellationTokenSource();
        Console.Out.WriteLine("ready");
        var running = candidate.RunAsync(stop.Token);
        var acting = ActAsync(candidate, stop.Token);
        while (await Console.In.ReadLineAsync() is { } command and not "stop")
            _link.IsCut = command == "cut";
        await stop.CancelAsync();
        await running;
        await acting;
    }

    private static async Task ActAsync(Candidate candidate, CancellationToken stop)
    {
        var wasLeading = false;
        while (!stop.IsCancellationRequested)
        {
            var at = Stopwatch.GetTimestamp();
            var isLeading = candidate.IsLeading;
            // It led before this moment and it leads after it.
            if (isLeading && wasLeading)
                Console.Out.WriteLine(at.ToString(CultureInfo.InvariantCulture));
            wasLeading = isLeading;
            await Task.Delay(BetweenLooks, CancellationToken.None);
        }
    }

    private sealed class Link(ILeaderRecords records) : ILeaderRecords
    {
        private volatile bool _isCut;

        public bool IsCut
        {
            set => _isCut = value;
        }

        public Task<LeaderRecord?> FindAsync(string role, CancellationToken cancellationToken) =>
            _isCut ? throw new StoreException("cut off") : records.FindAsync(role, cancellationToken);

        public Task<LeaderRecord?> PutAsync(string role, LeaderRecord record, CancellationToken cancellationToken) =>
            _isCut ? throw new StoreException("cut off") : records.PutAsync(role, record, cancellationToken);
    }
}
