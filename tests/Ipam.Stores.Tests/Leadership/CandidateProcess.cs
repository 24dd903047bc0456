using System.Diagnostics;
using System.Globalization;

namespace Ipam.Stores.Tests.Leadership;

/// <summary>Another process that stands for election.</summary>
internal sealed class CandidateProcess : IDisposable
{
    private readonly Process _process;
    private readonly Lock _lock = new();
    private readonly List<long> _acts = [];

    /// <summary>Starts it.</summary>
    /// <param name="url">The store.</param>
    /// <param name="name">Its name.</param>
    /// <param name="term">The term; whole seconds.</param>
    public CandidateProcess(string url, string name, TimeSpan term)
    {
        Name = name;
        var program = Path.Combine(AppContext.BaseDirectory, "Ipam.Stores.Tests.Support.dll");
        string[] arguments = ["exec", program, "lead", url, name, term.TotalSeconds.ToString(CultureInfo.InvariantCulture)];
        _process = new Process { StartInfo = new ProcessStartInfo(Environment.ProcessPath!, arguments) { RedirectStandardOutput = true, RedirectStandardInput = true } };
        _process.OutputDataReceived += (_, line) => Note(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
    }

    public string Name { get; }

    /// <summary>When it said that it leads: timestamps of the machine's monotonic clock.</summary>
    public IReadOnlyList<long> Acts
    {
        get
        {
            lock (_lock)
                return [.. _acts];
        }
    }

    /// <summary>When it last said so; 0 for never.</summary>
    public long LastAct
    {
        get
        {
            lock (_lock)
                return _acts.Count == 0 ? 0 : _acts[^1];
        }
    }

    /// <summary>Whether it has begun to stand for election.</summary>
    public bool IsReady { get; private set; }

    /// <summary>Whether it still runs, paused or not.</summary>
    public bool IsThere => !_process.HasExited;

    /// <summary>Tells it something.</summary>
    public void Tell(string command)
    {
        _process.StandardInput.WriteLine(command);
        _process.StandardInput.Flush();
    }

    /// <summary>Sends a signal by its name.</summary>
    public void Signal(string name) => Command.Run("kill", $"-{name}", $"{_process.Id}");

    /// <summary>Waits for its end.</summary>
    public async Task ExitAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await _process.WaitForExitAsync(limit.Token);
    }

    public void Dispose()
    {
        if (IsThere)
            _process.Kill();
        _process.Dispose();
    }

    private void Note(string? line)
    {
        if (line is null)
            return;
        if (line == "ready")
        {
            IsReady = true;
            return;
        }
        lock (_lock)
            _acts.Add(long.Parse(line, CultureInfo.InvariantCulture));
    }
}
