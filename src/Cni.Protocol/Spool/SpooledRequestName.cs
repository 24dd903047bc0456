using System.Text;

namespace Cni.Protocol;

/// <summary>
/// The file name of a spooled request: <c>network~container~interface.json</c>. Network and container id can't hold <c>~</c>, so
/// the name says whose it is without doubt; they begin with a letter or digit, so a name never begins with a dot. A name beyond
/// 240 bytes is replaced by a hash.
/// </summary>
internal static class SpooledRequestName
{
    public const string Extension = ".json";

    private const int MaxBytes = 240;

    private static readonly UInt128 FnvOffset = new(0x6c62272e07bb0142, 0x62b821756295c58d);
    private static readonly UInt128 FnvPrime = new(0x0000000001000000, 0x000000000000013b);

    public static string Of(string network, CniAttachment attachment)
    {
        var name = $"{network}~{attachment.ContainerId}~{attachment.IfName}{Extension}";
        return Encoding.UTF8.GetByteCount(name) <= MaxBytes ? name : $"{Fnv1a(Encoding.UTF8.GetBytes(name)):x32}~long{Extension}";
    }

    /// <summary>FNV-1a, 128 bits (draft-eastlake-fnv).</summary>
    internal static UInt128 Fnv1a(ReadOnlySpan<byte> bytes)
    {
        var hash = FnvOffset;
        foreach (var b in bytes)
            hash = unchecked((hash ^ b) * FnvPrime);
        return hash;
    }
}
