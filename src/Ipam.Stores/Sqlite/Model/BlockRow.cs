using Ipam.Core.Addresses;

namespace Ipam.Stores.Sqlite.Model;

/// <summary>A row of the table <c>blocks</c>.</summary>
internal sealed class BlockRow
{
    /// <summary>The address space.</summary>
    public required string Space { get; init; }

    /// <summary>The first address of the block.</summary>
    public required Address Base { get; init; }

    /// <summary>The node the block belongs to, if any.</summary>
    public string? Node { get; init; }

    /// <summary>The store's revision at the block's last change.</summary>
    public long Version { get; set; }

    /// <summary>The largest sequence ever handed out in the block.</summary>
    public long LastSequence { get; set; }

    /// <summary>Offset of the address handed out last, -1 for none.</summary>
    public int LastOffset { get; set; }

    /// <summary>One bit per lease, bit 63 being the sign.</summary>
    public long Held { get; set; }

    /// <summary>The addresses in cooldown; see <see cref="Blocks.CoolingBytes"/>.</summary>
    public byte[] Cooling { get; set; } = [];
}
