namespace Cni.Protocol;

/// <summary>
/// The rule that container ids and network names share (SPEC 1.1.0): <c>^[a-zA-Z0-9][a-zA-Z0-9_.\-]*$</c> over the whole text. Not a
/// Regex: its <c>$</c> would also match before a last newline, and it is heavy to start.
/// </summary>
internal static class CniIdentifier
{
    private const string Wanted = "wanted a letter or digit, then letters, digits, '_', '.' or '-'";

    /// <summary>Throws code 4 when CNI_CONTAINERID breaks the rule.</summary>
    public static void CheckContainerId(string id)
    {
        if (!IsValid(id))
        {
            throw new CniException(
                CniErrorCode.InvalidEnvironment, "invalid characters in containerID (CNI_CONTAINERID)", $"{id}: {Wanted}");
        }
    }

    /// <summary>Throws code 7 when a configuration's name is missing or breaks the rule.</summary>
    public static void CheckNetworkName(string? name)
    {
        if (string.IsNullOrEmpty(name))
            throw new CniException(CniErrorCode.InvalidNetworkConfig, "missing network name", "the configuration needs a \"name\"");
        if (!IsValid(name))
            throw new CniException(CniErrorCode.InvalidNetworkConfig, "invalid characters found in network name", $"{name}: {Wanted}");
    }

    /// <summary>Whether a text keeps the rule.</summary>
    public static bool IsValid(string text)
    {
        if (text.Length == 0 || !char.IsAsciiLetterOrDigit(text[0]))
            return false;
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('_' or '.' or '-'))
                return false;
        }
        return true;
    }
}
