using System.Text;

namespace Cni.Protocol;

/// <summary>What an interface may be called: the kernel's rules (dev_valid_name), which the reference library repeats.</summary>
internal static class InterfaceName
{
    /// <summary>Longest name in bytes of UTF-8 (IFNAMSIZ less the final zero).</summary>
    public const int MaxBytes = 15;

    /// <summary>Throws code 4 when CNI_IFNAME can't be an interface's name.</summary>
    public static void Check(string name)
    {
        if (Encoding.UTF8.GetByteCount(name) > MaxBytes)
            throw Invalid("interface name is too long", $"{name}: interface name should be less than {MaxBytes + 1} bytes");
        if (name is "." or "..")
            throw Invalid("interface name is . or ..", name);
        foreach (var c in name)
        {
            if (c is '/' or ':' || char.IsWhiteSpace(c))
                throw Invalid("interface name contains / or : or whitespace characters", name);
            // What isn't UTF-8 arrives as this character; two different names must not become one.
            if (c == '\uFFFD')
                throw Invalid("interface name is not valid UTF-8", name);
        }
    }

    private static CniException Invalid(string message, string details) =>
        new(CniErrorCode.InvalidEnvironment, $"{message} (CNI_IFNAME)", details);
}
