namespace Ipam.Plugin.Service;

/// <summary>What the service answered.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">The plugin's output, or the CNI error object.</param>
internal readonly record struct ServiceAnswer(int Status, ReadOnlyMemory<byte> Body)
{
    public bool IsSuccess => Status == 200;
}
