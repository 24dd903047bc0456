using System.Diagnostics;
using System.Globalization;

namespace Ipam.Stores.Tests.Sqlite;

/// <summary>Another process that takes addresses from a file, one commit each.</summary>
internal sealed class TakerProcess : IDisposable
{
    private readonly Process _process;

    /// <summary>Starts it.</summary>
    public TakerProcess(string path, string name, int count)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Ipam.Stores.Tests.Support.dll");
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        foreach (var argument in new[] { "exec", program, "take", $"sqlite:{path}", name, count.ToString(CultureInfo.InvariantCulture) })
            start.ArgumentList.Add(argument);
        _process = Process.Start(start)!;
    }

    /// <summary>The next address that it says is committed; null when it has ended.</summary>
    public Task<string?> NextAsync() => _process.StandardOutput.ReadLineAsync();

    /// <summary>All further ones.</summary>
    public async Task<List<string>> RestAsync()
    {
        var addresses = new List<string>();
        while (await NextAsync() is { } address)
            addresses.Add(address);
        return addresses;
    }

    /// <summary>Waits for its end and returns its exit code.</summary>
    public async Task<int> EndAsync()
    {
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    /// <summary>Ends it where it stands (SIGKILL).</summary>
    public void Kill() => _process.Kill();

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }
}
