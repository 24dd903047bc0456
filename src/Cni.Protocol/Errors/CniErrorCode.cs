namespace Cni.Protocol;

/// <summary>Codes of the CNI error object (SPEC 1.1.0, section "Error"). 0-99 belong to the specification, 100 and up to plugins.</summary>
public static class CniErrorCode
{
    /// <summary>The configuration's version isn't spoken, or doesn't have the verb.</summary>
    public const int IncompatibleVersion = 1;

    /// <summary>A field of the configuration isn't supported; the message holds its key and value.</summary>
    public const int UnsupportedField = 2;

    /// <summary>The container is unknown or doesn't exist; the runtime need not clean up.</summary>
    public const int UnknownContainer = 3;

    /// <summary>A CNI_* variable is missing or invalid; the message holds its name.</summary>
    public const int InvalidEnvironment = 4;

    /// <summary>Reading or writing failed, such as reading stdin.</summary>
    public const int IOFailure = 5;

    /// <summary>Content could not be decoded.</summary>
    public const int DecodingFailure = 6;

    /// <summary>The network configuration is well-formed but not valid.</summary>
    public const int InvalidNetworkConfig = 7;

    /// <summary>CNI_NETNS is not usable. (In the reference library; the specification's table lacks it.)</summary>
    public const int InvalidNetNs = 8;

    /// <summary>A passing condition; the runtime should try again later.</summary>
    public const int TryAgainLater = 11;

    /// <summary>STATUS: the plugin can't serve ADD.</summary>
    public const int NotAvailable = 50;

    /// <summary>STATUS: the plugin can't serve ADD, and containers that run may lack connectivity.</summary>
    public const int NotAvailableImpaired = 51;

    /// <summary>Anything without a code of its own; what the reference plugins use for every plain error.</summary>
    public const int Internal = 999;
}
