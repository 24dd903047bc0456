using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace Ipam.Cli.Commands.Installation;

/// <summary>Tries whether a CNI plugin runs on this host, by the one command that needs nothing else.</summary>
internal static class PluginTrial
{
    private const int MostOutput = 64 << 10;

    private const int TextFileBusy = 26;
    private const int MostTries = 40;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Runs it with VERSION.</summary>
    /// <exception cref="InvalidDataException">It can't be run, doesn't end in time, or doesn't answer as a plugin does.</exception>
    public static void Run(string plugin)
    {
        var start = new ProcessStartInfo(plugin) { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment.Clear();
        start.Environment["CNI_COMMAND"] = "VERSION";
        using var process = Start(start);
        Feed(process);
        var output = new char[MostOutput];
        var reading = process.StandardOutput.ReadBlockAsync(output, 0, MostOutput);
        // Whatever it started may hold its output open when it is gone itself.
        if (!reading.Wait(Patience) || !process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            throw new InvalidDataException($"{plugin} doesn't answer VERSION as a plugin does (no end of it within {Patience.TotalSeconds:0} s); was it built for this machine?");
        }
        if (process.ExitCode != 0 || !IsVersion(Encoding.UTF8.GetBytes(output, 0, reading.Result)))
            throw new InvalidDataException($"{plugin} doesn't answer VERSION as a plugin does (exit code {process.ExitCode}); was it built for this machine?");
    }

    private static Process Start(ProcessStartInfo start)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return Process.Start(start)!;
            }
            catch (Win32Exception e) when (e.NativeErrorCode == TextFileBusy && tries < MostTries)
            {
                // A process that was forked while the file was written has it open until it becomes another program.
                Thread.Sleep(Pause);
            }
            catch (Win32Exception e)
            {
                throw new InvalidDataException(
                    $"{start.FileName} can't be run here: {e.Message}; is it built for this machine, and may programs run in this folder (mount option noexec)?", e);
            }
        }
    }

    private static void Feed(Process process)
    {
        try
        {
            process.StandardInput.Write("""{"cniVersion":"1.1.0"}""");
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading it. What it answered is what counts.
        }
    }

    private static bool IsVersion(byte[] output)
    {
        try
        {
            using var json = JsonDocument.Parse(output);
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("supportedVersions", out var versions)
                && versions.ValueKind == JsonValueKind.Array;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
