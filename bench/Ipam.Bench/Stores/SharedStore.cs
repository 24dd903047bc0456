using System.Diagnostics;

namespace Ipam.Bench.Stores;

/// <summary>The server of a store, as the tests start it, for as long as this object lives.</summary>
internal sealed class SharedStore : IDisposable
{
    private readonly Process _server;

    private SharedStore(Process server, string url) => (_server, Url) = (server, url);

    public string Url { get; }

    /// <summary>How often the server has been asked for what so far.</summary>
    public Dictionary<string, double> Calls() => OperationCounter.ReadAll(Url);

    /// <summary>The processor time that a program of the server has used so far, in seconds.</summary>
    public double ProcessorSeconds(string program) => ServerTime.Of(_server.Id, program);

    /// <summary>Starts it: sqlite, redis or kubernetes, with more arguments of <c>serve</c> (tests/EndToEnd/Program.cs).</summary>
    public static SharedStore Start(string kind, params string[] more)
    {
        var tests = Path.Combine(Folders.Repository, "tests/EndToEnd/bin/Release/net10.0/EndToEnd.dll");
        var server = Process.Start(new ProcessStartInfo("dotnet", [tests, "serve", kind, .. more]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        return new SharedStore(server, server.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"there is no {kind} store"));
    }

    public void Dispose()
    {
        // It serves until its stdin closes.
        _server.StandardInput.Close();
        _server.WaitForExit();
        _server.Dispose();
    }
}
