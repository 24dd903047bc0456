using System.Buffers;
using System.IO.Pipelines;
using Cni.Protocol;
using Ipam.Configuration.Reading;
using Ipam.Service.Configuration;
using Ipam.Service.Verbs;

namespace Ipam.Service.Http;

/// <summary>
/// Reads a plugin's call: its stdin is the body, its CNI_* variables are headers of the same names, percent-encoded (RFC 3986) where they
/// hold anything but printable ASCII or a percent sign.
/// </summary>
internal sealed class RequestReader(ConfigurationCache configurations, FlatFiles files, TimeProvider time)
{
    private readonly string _clock = MonotonicMoment.ThisClock();

    /// <summary>
    /// Reads the call. Throws <see cref="CniException"/> for one that isn't valid, <see cref="IOException"/> for one that doesn't arrive whole.
    /// </summary>
    public async Task<VerbRequest> ReadAsync(HttpContext http, CniCommand command, CancellationToken cancellationToken)
    {
        var arrivedAt = time.GetTimestamp();
        var body = await ReadBodyAsync(http.Request.BodyReader, cancellationToken);
        var environment = CniEnvironment.Read(name => Variable(http.Request.Headers, name, command), requirePath: false);
        var configuration = await ReadAsync(command, body, cancellationToken);
        configuration.Network.EnsureAllows(command);
        RequestLimits.Check(environment, configuration.Network);
        var asked = MonotonicMoment.Parse(Text(http.Request.Headers, "IPAM-Asked"));
        return new VerbRequest(environment, configuration, Math.Min(asked.On(_clock) ?? arrivedAt, arrivedAt))
        {
            Namespace = NamespaceMark.Parse(Text(http.Request.Headers, "IPAM-Namespace")),
            Conflicts = ConflictsHeader.Parse(Text(http.Request.Headers, ConflictsHeader.Name)),
        };
    }

    /// <summary>Verbs other than ADD mostly come with a result of the container's own. DEL and GC look at no key that a file could say.</summary>
    private async Task<PluginConfiguration> ReadAsync(CniCommand command, ReadOnlyMemory<byte> body, CancellationToken cancellationToken) => command switch
    {
        CniCommand.Add => await configurations.GetAsync(body, cancellationToken),
        CniCommand.Del or CniCommand.Gc => new PluginConfiguration(NetworkConfiguration.Parse(body)),
        _ => await files.CompleteAsync(NetworkConfiguration.Parse(body), cancellationToken),
    };

    /// <summary>What a header of our own says; null if it isn't there once.</summary>
    private static string? Text(IHeaderDictionary headers, string name) => headers[name] is [{ Length: > 0 } text] ? Uri.UnescapeDataString(text) : null;

    private static string? Variable(IHeaderDictionary headers, string name, CniCommand command)
    {
        if (name == CniVariable.Command)
            return command.Text();
        var value = headers[name];
        return value.Count switch
        {
            0 => null,
            1 => Uri.UnescapeDataString(value.ToString()),
            _ => throw new CniException(CniErrorCode.InvalidEnvironment, $"the header {name} is there {value.Count} times", "wanted is one, as an environment has one variable of a name"),
        };
    }

    private static async Task<ReadOnlyMemory<byte>> ReadBodyAsync(PipeReader reader, CancellationToken cancellationToken)
    {
        while (true)
        {
            var result = await reader.ReadAsync(cancellationToken);
            if (result.IsCompleted)
            {
                var body = result.Buffer.ToArray();
                reader.AdvanceTo(result.Buffer.End);
                return body;
            }
            reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }
}
