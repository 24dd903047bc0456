namespace Cni.Protocol.Tests;

/// <summary>A plugin that notes what it is asked and answers what the test wants.</summary>
internal sealed class RecordingPlugin : ICniPlugin
{
    private readonly ConfigurationKey[] _keys = [Stdin.Socket];

    public Func<PluginRequest, ReadOnlyMemory<byte>> Answer { get; init; } = _ => default;

    public List<string> Calls { get; } = [];

    public PluginRequest? Request { get; private set; }

    public string About => "CNI test plugin v1";

    public ReadOnlySpan<ConfigurationKey> Keys => _keys;

    public ReadOnlyMemory<byte> Add(PluginRequest request) => Note("Add", request);

    public ReadOnlyMemory<byte> Del(PluginRequest request) => Note("Del", request);

    public ReadOnlyMemory<byte> Check(PluginRequest request) => Note("Check", request);

    public ReadOnlyMemory<byte> Status(PluginRequest request) => Note("Status", request);

    public ReadOnlyMemory<byte> Gc(PluginRequest request) => Note("Gc", request);

    private ReadOnlyMemory<byte> Note(string verb, PluginRequest request)
    {
        Calls.Add(verb);
        Request = request;
        return Answer(request);
    }
}
