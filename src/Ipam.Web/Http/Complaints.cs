using Ipam.Core.Text;

namespace Ipam.Web.Http;

/// <summary>Says what went wrong, a line each. Safe for use by several threads at once.</summary>
internal sealed class Complaints(TextWriter output)
{
    private readonly Lock _lock = new();

    /// <summary>Says it.</summary>
    public void Add(string message)
    {
        lock (_lock)
            output.WriteLine($"ipam-web: {UnsafeCharacter.Escape(message)}");
    }
}
