using System.Diagnostics;
using System.Text;

namespace Cni.Protocol;

/// <summary>
/// A plugin's edge: from environment and stdin to stdout, stderr and the exit code, in the reference library's order of checks.
/// Synchronous; nothing but the plugin's bytes, the versions or an error object ever goes to stdout.
/// </summary>
/// <param name="variable">Gives an environment variable's value, or null.</param>
/// <param name="stdin">Read to its end, except for VERSION, which doesn't touch it.</param>
/// <param name="stdout">Gets the result or the error object.</param>
/// <param name="stderr">Gets text for people. Opened when there is some: most calls have none, and begin sooner.</param>
public sealed class PluginHost(Func<string, string?> variable, Stream stdin, Stream stdout, Func<Stream> stderr)
{
    /// <summary>
    /// Whether CNI_PATH must be there for every verb but VERSION. On as in the reference library; the specification calls it optional.
    /// </summary>
    public bool RequirePath { get; init; } = true;

    /// <summary>
    /// Whether a CNI_NETNS path is the network namespace of the calling thread; a path that can't be opened isn't.
    /// </summary>
    public Func<string, bool> IsOwnNetNs { get; init; } = NetworkNamespace.IsOwn;

    /// <summary>The host of this process: its environment and standard streams.</summary>
    /// <param name="isOwnNetNs">What to use as <see cref="IsOwnNetNs"/>, for a program that can ask the kernel directly.</param>
    public static PluginHost ForProcess(Func<string, bool>? isOwnNetNs = null)
    {
        StandardStream.EnsureOpen();
        return new PluginHost(
            System.Environment.GetEnvironmentVariable,
            StandardStream.Input(), StandardStream.Output(), StandardStream.Error)
        {
            IsOwnNetNs = isOwnNetNs ?? NetworkNamespace.IsOwn,
        };
    }

    /// <summary>Serves the one request of this process; returns its exit code: 0, or 1 with an error object on stdout.</summary>
    public int Run(ICniPlugin plugin)
    {
        CniError error;
        try
        {
            Serve(plugin);
            return 0;
        }
        catch (CniException e)
        {
            error = e.Error;
        }
#pragma warning disable CA1031 // The one catch-all, at the process's edge: whatever happened, the runtime gets an error object.
        catch (Exception e)
#pragma warning restore CA1031
        {
            error = Fault.Unexpected(e);
        }
        return Fail(error);
    }

    private void Serve(ICniPlugin plugin)
    {
        var verb = variable(CniVariable.Command) ?? "";
        if (verb.Length == 0)
            WriteAnswer(stderr(), "stderr", Encoding.UTF8.GetBytes($"{plugin.About}\nCNI protocol versions supported: {string.Join(", ", CniVersion.Supported)}\n"));
        else if (verb == CniCommand.Version.Text())
            WriteAnswer(stdout, "stdout", Encoding.UTF8.GetBytes(VersionsJson()));
        else
            Serve(plugin, ReadRequest(plugin, verb));
    }

    private void Serve(ICniPlugin plugin, PluginRequest request)
    {
        var answer = Answer(plugin, request);
        var answeredAt = Stopwatch.GetTimestamp();
        try
        {
            WriteAnswer(stdout, "stdout", answer.Span);
        }
        catch (CniException e) when (request.Environment.Command == CniCommand.Add)
        {
            throw new CniException(Undo(plugin, request, answeredAt, e.Error));
        }
    }

    private static void WriteAnswer(Stream stream, string name, ReadOnlySpan<byte> answer)
    {
        try
        {
            Write(stream, answer);
        }
        catch (Exception e)
        {
            throw new CniException(new CniError(CniErrorCode.IOFailure, $"cannot write the answer to {name}: {Fault.Reason(e)}"));
        }
    }

    /// <summary>
    /// The runtime knows nothing of an ADD whose result it didn't get, and may never send its DEL: so the plugin's own DEL is done at once.
    /// </summary>
    private static CniError Undo(ICniPlugin plugin, PluginRequest request, long answeredAt, CniError error)
    {
        var environment = request.Environment with { Command = CniCommand.Del };
        try
        {
            plugin.Del(request with { Environment = environment, Asked = new MonotonicMoment(MonotonicMoment.ThisClock(), answeredAt) });
            return error with { Details = "what the ADD had done is undone; see why the runtime doesn't read the plugin's output" };
        }
#pragma warning disable CA1031 // The plugin's edge, as above: what failed is in the error object.
        catch (Exception e)
#pragma warning restore CA1031
        {
            var reason = e is CniException known ? known.Message : Fault.Unexpected(e).Message;
            return error with { Details = $"what the ADD had done could not be undone, send a DEL: {reason}" };
        }
    }

    private PluginRequest ReadRequest(ICniPlugin plugin, string verb)
    {
        // Bad variables beat bad stdin, and bad stdin beats an unknown verb.
        var environment = CniCommandText.TryParse(verb) is null ? null : CniEnvironment.Read(variable, RequirePath);
        var bytes = ReadStdin();
        var head = NetworkConfigurationHead.Parse(bytes.Span, plugin.Keys);
        environment ??= CniEnvironment.Read(variable, RequirePath);
        var version = head.EnsureAllows(environment.Command);
        EnsureOtherNetNs(environment);
        return new PluginRequest(environment, bytes, head, version);
    }

    private static ReadOnlyMemory<byte> Answer(ICniPlugin plugin, PluginRequest request) => request.Environment.Command switch
    {
        CniCommand.Add => plugin.Add(request),
        CniCommand.Del => plugin.Del(request),
        CniCommand.Check => plugin.Check(request),
        CniCommand.Status => plugin.Status(request),
        CniCommand.Gc => plugin.Gc(request),
        _ => throw new InvalidOperationException($"{request.Environment.Command} has no handler"),
    };

    /// <summary>The reference library looks at this after ADD and DEL have run; here it is before any effect.</summary>
    private void EnsureOtherNetNs(CniEnvironment environment)
    {
        if (!environment.Command.IsAboutAttachment() || environment.NetNs.Length == 0 || environment.AllowsOwnNetNs)
            return;
        if (IsOwnNetNs(environment.NetNs))
        {
            throw new CniException(CniErrorCode.InvalidNetNs,
                "plugin's netns and netns from CNI_NETNS should not be the same",
                $"CNI_NETNS is \"{environment.NetNs}\"; CNI_NETNS_OVERRIDE=1 allows it");
        }
    }

    private ReadOnlyMemory<byte> ReadStdin()
    {
        try
        {
            return StreamBytes.ReadToEnd(stdin, PluginRequest.LargestStdin) ?? throw new CniException(CniErrorCode.DecodingFailure,
                $"the configuration on stdin is larger than {PluginRequest.LargestStdin >> 20} MiB",
                "that is more than any plugin of this suite takes; see what makes it so large");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CniException(CniErrorCode.IOFailure, $"error reading from stdin: {Fault.Reason(e)}");
        }
    }

    private int Fail(CniError error)
    {
        try
        {
            Write(stdout, error.ToJson());
        }
#pragma warning disable CA1031 // The process's edge: for whatever reason stdout takes nothing, stderr may.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Complain($"cannot write to stdout: {Fault.Reason(e)}; the error was: {new CniException(error).Message}\n");
        }
        return 1;
    }

    private void Complain(string text)
    {
        try
        {
            Write(stderr(), text);
        }
#pragma warning disable CA1031 // There is nobody left to tell; the exit code still says that it failed.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }

    private static string VersionsJson() =>
        $$"""{"cniVersion":"{{CniVersion.Newest}}","supportedVersions":["{{string.Join("\",\"", CniVersion.Supported)}}"]}""" + "\n";

    private static void Write(Stream stream, string text) => Write(stream, Encoding.UTF8.GetBytes(text));

    private static void Write(Stream stream, ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return;
        stream.Write(bytes);
        stream.Flush();
    }
}
