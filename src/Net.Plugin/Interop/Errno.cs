namespace Net.Plugin.Interop;

/// <summary>
/// The kernel's error numbers that the plugin acts on, under their C names (errno(3)). Any other number is kept as it is and only shown.
/// </summary>
internal enum Errno
{
    None = 0,
    EPERM = 1,
    ENOENT = 2,
    ESRCH = 3,
    EINTR = 4,
    EAGAIN = 11,
    EACCES = 13,
    EBUSY = 16,
    EEXIST = 17,
    ENODEV = 19,
    ENOTDIR = 20,
    EINVAL = 22,
    EFBIG = 27,
    EROFS = 30,
    ERANGE = 34,
    EPROTONOSUPPORT = 93,
    EOPNOTSUPP = 95,
    EAFNOSUPPORT = 97,
    EADDRINUSE = 98,
    EADDRNOTAVAIL = 99,
    ENOBUFS = 105,
    ERESTART = 85,
    EMSGSIZE = 90,
    ETIMEDOUT = 110,
}
