using EndToEnd.Support;
using EndToEnd.Support.Stores;

namespace EndToEnd.Storm;

/// <summary>An admin who changes pools and reservations all the time.</summary>
internal sealed class Editor(Site site, Random random)
{
    public const string Pool = "tide";

    private const string Passing = "passing";
    private const string Reservation = "ebb";

    private const int NotFound = 3;
    private const int Refused = 4;
    private const int MostTries = 2;

    private static readonly TimeSpan Between = TimeSpan.FromSeconds(3);

    private bool _isReserved;

    /// <summary>How many changes were made.</summary>
    public int Changes { get; private set; }

    /// <summary>Makes the pool that is edited.</summary>
    public void Begin() =>
        Run("pool", "create", Pool, "--range", "10.4.16.0/24", "--range", "fd00:4::1:0/120", "--space", StormRun.Space, "--cooldown", "2");

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await Task.Run(Change, CancellationToken.None);
            Changes++;
            await Task.Delay(Between, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Change()
    {
        switch (random.Next(3))
        {
            case 0:
                Run("pool", "edit", Pool, "--set", $"cooldownSeconds={random.Next(1, 6)}");
                break;
            case 1:
                Run("pool", "create", Passing, "--range", "10.4.18.0/28", "--space", StormRun.Space);
                Run("pool", "delete", Passing, "--yes");
                break;
            default:
                if (_isReserved)
                    Run("reservation", "delete", Reservation, "--yes");
                else
                    Run("reservation", "add", $"10.4.16.{random.Next(1, 128)}-10.4.16.{random.Next(128, 255)}", "--space", StormRun.Space, "--name", Reservation);
                _isReserved = !_isReserved;
                break;
        }
    }

    /// <summary>
    /// Runs ipamctl; again, as an admin would, where a process that stands still keeps an SQLite file locked: what that change did is unknown then. One that goes on
    /// may have kept it locked until just now. The same where a server has too much to do to answer in time.
    /// </summary>
    private void Run(params string[] arguments)
    {
        for (var (isUnknown, tries) = (false, 0); ; isUnknown = true)
        {
            var outcome = Ipamctl.TryRun(site, arguments);
            if (outcome.ExitCode == 0 || (isUnknown && outcome.ExitCode is NotFound or Refused))
                return;
            var isLocked = outcome.Stderr.Contains("Another process keeps the file locked", StringComparison.Ordinal);
            var isSlow = outcome.Stderr.Contains("didn't answer within", StringComparison.Ordinal);
            Assert.True((isLocked && SqliteWriter.StandsStill(site)) || ((isLocked || isSlow) && ++tries < MostTries), $"{outcome}");
        }
    }
}
