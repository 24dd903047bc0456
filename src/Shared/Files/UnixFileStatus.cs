namespace IpamSuite.Shared;

/// <summary>What the kernel says about a file.</summary>
/// <param name="Kind">Of what kind it is.</param>
/// <param name="Mode">Who may do what with it: the lowest twelve bits.</param>
/// <param name="Uid">Whose it is.</param>
/// <param name="Inode">Its number within its file system.</param>
/// <param name="Device">Its file system: the same number for no other one that is mounted.</param>
internal readonly record struct UnixFileStatus(UnixFileKind Kind, UnixFileMode Mode, uint Uid, ulong Inode, ulong Device)
{
    private const int ModeMask = 0xfff;
    private const int UidOffset = 20;
    private const int ModeOffset = 28;
    private const int InodeOffset = 32;
    private const int DeviceOffset = 136;

    /// <summary>The mode as people write it, such as <c>0644</c>.</summary>
    public string ModeText => Octal(Mode);

    /// <summary>Tells it from all other files of this boot, wherever it is seen, as far as 32 bits can; never 0. Leases remember folders by it.</summary>
    public uint FolderNumber
    {
        get
        {
            var mixed = (Device * 0x9e3779b97f4a7c15 ^ Inode) * 0xbf58476d1ce4e5b9;
            return Math.Max(1, (uint)(mixed >> 32));
        }
    }

    /// <summary>A mode as people write it.</summary>
    public static string Octal(UnixFileMode mode) => Convert.ToString((int)mode, 8).PadLeft(4, '0');

    /// <summary>The kind in words.</summary>
    public string KindText => Kind switch
    {
        UnixFileKind.Regular => "a regular file",
        UnixFileKind.Folder => "a folder",
        UnixFileKind.Link => "a link",
        UnixFileKind.Fifo => "a FIFO",
        UnixFileKind.Socket => "a socket",
        _ => "a device",
    };

    /// <summary>The fields of <c>struct statx</c> (statx(2)), which is the same on all processors.</summary>
    public static UnixFileStatus Read(ReadOnlySpan<byte> statx)
    {
        var mode = BitConverter.ToUInt16(statx[ModeOffset..]);
        return new UnixFileStatus(
            (UnixFileKind)(mode >> 12), (UnixFileMode)(mode & ModeMask), BitConverter.ToUInt32(statx[UidOffset..]),
            BitConverter.ToUInt64(statx[InodeOffset..]), BitConverter.ToUInt64(statx[DeviceOffset..]));
    }
}

/// <summary>Kinds of files, as inode(7) numbers them.</summary>
internal enum UnixFileKind
{
    /// <summary>A FIFO.</summary>
    Fifo = 1,

    /// <summary>A character device.</summary>
    CharacterDevice = 2,

    /// <summary>A folder.</summary>
    Folder = 4,

    /// <summary>A block device.</summary>
    BlockDevice = 6,

    /// <summary>A regular file.</summary>
    Regular = 8,

    /// <summary>A symbolic link.</summary>
    Link = 10,

    /// <summary>A socket.</summary>
    Socket = 12,
}
