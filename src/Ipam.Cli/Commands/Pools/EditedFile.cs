using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Ipam.Cli.Options;
using Ipam.Cli.Terminal;
using IpamSuite.Shared;

namespace Ipam.Cli.Commands.Pools;

/// <summary>A file that a person edits, in a folder that only this user may look into.</summary>
internal sealed class EditedFile(CliEnvironment environment, string name)
{
    private readonly string _folder = Tried(static () => Directory.CreateTempSubdirectory("ipamctl-").FullName);

    public string Path => System.IO.Path.Combine(_folder, name);

    /// <summary>Whether it holds something that a person wrote.</summary>
    public bool HasWork { get; private set; }

    /// <summary>Opens <paramref name="text"/> in an editor and returns what is in the file once the editor has ended.</summary>
    /// <exception cref="UsageException">There is no editor, or it failed, or it left no file.</exception>
    public async Task<string> EditAsync(string text, CancellationToken cancellationToken)
    {
        Tried(() =>
        {
            File.WriteAllText(Path, text);
            return Path;
        });
        var editor = Variable("VISUAL") ?? Variable("EDITOR") ?? "vi";
        var exitCode = await RunAsync(editor, cancellationToken);
        var edited = Tried(Read);
        HasWork = (HasWork || edited != text) && !string.IsNullOrWhiteSpace(edited);
        if (exitCode != 0)
            throw new UsageException($"the editor '{editor}' ended with exit code {exitCode}; name another by EDITOR, or use --set or -f");
        return edited;
    }

    public void Delete() => Directory.Delete(_folder, recursive: true);

    private async Task<int> RunAsync(string editor, CancellationToken cancellationToken)
    {
        // The editor gets the terminal's signals as well, and an interrupt means something else to it.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, static signal => signal.Cancel = true);
        using var quit = PosixSignalRegistration.Create(PosixSignal.SIGQUIT, static signal => signal.Cancel = true);
        using var process = Start(editor);
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode;
    }

    // A shell, since the variable may hold options of the editor too. It has to outlive an interrupt as we do; a trap isn't inherited.
    private Process Start(string editor)
    {
        try
        {
            return Process.Start(new ProcessStartInfo("/bin/sh", ["-c", $"trap : INT QUIT; {editor} \"$1\"", "sh", Path]))!;
        }
        catch (Win32Exception e)
        {
            throw new UsageException($"the editor '{editor}' can't be started: {e.Message}; use --set or -f");
        }
    }

    private string Read()
    {
        using var text = new StreamReader(new MemoryStream(UnixFile.Read(Path, DocumentOption.MostCharacters, followLink: true)));
        return text.ReadToEnd();
    }

    private static T Tried<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new UsageException($"the file to edit can't be used: {e.Message.TrimEnd('.')}. Name another folder by TMPDIR, or use --set or -f.");
        }
    }

    private string? Variable(string name) => environment.Variable(name) is { Length: > 0 } value ? value : null;
}
