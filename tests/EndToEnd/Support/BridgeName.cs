namespace EndToEnd.Support;

/// <summary>A name for a bridge that a plugin makes; the bridge is removed at the end, if it was made.</summary>
internal sealed class BridgeName : IDisposable
{
    public string Name { get; } = $"e2e{Guid.NewGuid():N}"[..11];

    public void Dispose() => Command.TryRun("ip", "link", "delete", Name);
}
