using System.Globalization;
using System.Text;
using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Stores.Kubernetes.Client;
using Ipam.Stores.Text;

namespace Ipam.Stores.Kubernetes.Blocks;

/// <summary>
/// The name of a block's object: family, first address with all digits, space; such as <c>v4-010-001-000-064.default</c>. Objects are
/// listed by name, so blocks of a space come by family and address.
/// </summary>
internal static class BlockName
{
    private const int V4Groups = 4;
    private const int V6Groups = 8;
    private const int V4Length = 3 + V4Groups * 4 - 1;
    private const int V6Length = 3 + V6Groups * 5 - 1;

    /// <summary>The name of the object of a block.</summary>
    public static string Of(BlockId id)
    {
        var first = id.AddressAt(0).Value;
        var name = new StringBuilder(id.Family == IpFamily.V4 ? "v4" : "v6");
        if (id.Family == IpFamily.V4)
        {
            for (var group = V4Groups - 1; group >= 0; group--)
                name.Append(CultureInfo.InvariantCulture, $"-{(byte)(first >> (8 * group)):d3}");
        }
        else
        {
            for (var group = V6Groups - 1; group >= 0; group--)
                name.Append(CultureInfo.InvariantCulture, $"-{(ushort)(first >> (16 * group)):x4}");
        }
        return name.Append('.').Append(SafeName.Of(id.Space)).ToString();
    }

    /// <summary>The block that has this name, in the space that its name shows, or in one of some others; null if there is none.</summary>
    public static BlockId? Find(string name, params ReadOnlySpan<string?> spaces)
    {
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        foreach (var space in (ReadOnlySpan<string?>)[dot < 0 ? null : name[(dot + 1)..], .. spaces])
        {
            try
            {
                if (space is not null)
                    return Parse(name, space);
            }
            catch (InvalidDataException)
            {
                // It is none of this space.
            }
        }
        return null;
    }

    /// <summary>The block of space <paramref name="space"/> that has this name.</summary>
    /// <exception cref="InvalidDataException">None has.</exception>
    public static BlockId Parse(string name, string space)
    {
        var isV4 = name.StartsWith("v4-", StringComparison.Ordinal);
        var length = isV4 ? V4Length : V6Length;
        UInt128 first = 0;
        if (name.Length > length)
        {
            foreach (var group in name[3..length].Split('-'))
            {
                if (!uint.TryParse(group, isV4 ? NumberStyles.None : NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
                    break;
                first = (first << (isV4 ? 8 : 16)) | value;
            }
        }
        var id = new BlockId(space, isV4 ? IpFamily.V4 : IpFamily.V6, first >> BlockId.SizeBits);
        return Of(id) == name
            ? id
            : throw new InvalidDataException($"no block of space '{space}' has the name {name}; was the object made by hand?");
    }
}
