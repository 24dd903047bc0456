using System.Globalization;

namespace Cni.Protocol;

/// <summary>A version of the CNI specification.</summary>
/// <param name="Major">First part.</param>
/// <param name="Minor">Second part.</param>
/// <param name="Patch">Third part.</param>
public readonly record struct CniVersion(int Major, int Minor, int Patch) : IComparable<CniVersion>
{
    /// <summary>Every version this library speaks, oldest first.</summary>
    public static IReadOnlyList<CniVersion> Supported { get; } =
        [new(0, 1, 0), new(0, 2, 0), new(0, 3, 0), new(0, 3, 1), new(0, 4, 0), new(1, 0, 0), new(1, 1, 0)];

    /// <summary>What a configuration without <c>cniVersion</c> means.</summary>
    public static CniVersion Default => new(0, 1, 0);

    /// <summary>The newest supported version.</summary>
    public static CniVersion Newest => new(1, 1, 0);

    /// <summary>
    /// One to three integers with dots between (<c>1</c> is 1.0.0); the empty text is <see cref="Default"/>.
    /// Throws <see cref="CniException"/>, code 6. Says nothing about support: see <see cref="EnsureSupported"/>.
    /// </summary>
    public static CniVersion Parse(string text)
    {
        if (text.Length == 0)
            return Default;
        var parts = text.Split('.');
        if (parts.Length > 3)
            throw Undecodable($"invalid version \"{text}\": too many parts");
        return new CniVersion(Part(parts, 0, "major"), Part(parts, 1, "minor"), Part(parts, 2, "micro"));
    }

    /// <summary>
    /// The version of a configuration's <c>cniVersion</c>, which must be one of <see cref="Supported"/> to the letter.
    /// Throws <see cref="CniException"/>, code 1.
    /// </summary>
    public static CniVersion EnsureSupported(string text) => text switch
    {
        "" or "0.1.0" => new(0, 1, 0),
        "0.2.0" => new(0, 2, 0),
        "0.3.0" => new(0, 3, 0),
        "0.3.1" => new(0, 3, 1),
        "0.4.0" => new(0, 4, 0),
        "1.0.0" => new(1, 0, 0),
        "1.1.0" => new(1, 1, 0),
        _ => throw new CniException(CniErrorCode.IncompatibleVersion, "incompatible CNI versions",
            $"config is \"{text}\", plugin supports [\"{string.Join("\" \"", Supported)}\"]"),
    };

    /// <summary>
    /// The version of a configuration's <c>cniVersion</c>, which must be supported and old enough to have the verb: CHECK came with
    /// 0.4.0, STATUS and GC with 1.1.0. Throws <see cref="CniException"/>: code 1, or 6 when CHECK, STATUS or GC meet a text that
    /// isn't a version.
    /// </summary>
    public static CniVersion EnsureAllows(CniCommand command, string text)
    {
        if (Introduced(command) is { } first)
        {
            var version = Parse(text);
            if (version < first)
                throw new CniException(CniErrorCode.IncompatibleVersion, $"config version does not allow {command.Text()}",
                    $"config is \"{version}\", {command.Text()} needs \"{first}\" or newer");
            if (version > Newest)
                throw new CniException(CniErrorCode.IncompatibleVersion, $"plugin version does not allow {command.Text()}",
                    $"config is \"{version}\", plugin supports up to \"{Newest}\"");
        }
        return EnsureSupported(text);
    }

    /// <inheritdoc/>
    public int CompareTo(CniVersion other) => (Major, Minor, Patch).CompareTo((other.Major, other.Minor, other.Patch));

    /// <summary>Whether one version is older than the other.</summary>
    public static bool operator <(CniVersion left, CniVersion right) => left.CompareTo(right) < 0;

    /// <summary>Whether one version is newer than the other.</summary>
    public static bool operator >(CniVersion left, CniVersion right) => left.CompareTo(right) > 0;

    /// <summary>Whether one version is the other or older.</summary>
    public static bool operator <=(CniVersion left, CniVersion right) => left.CompareTo(right) <= 0;

    /// <summary>Whether one version is the other or newer.</summary>
    public static bool operator >=(CniVersion left, CniVersion right) => left.CompareTo(right) >= 0;

    /// <summary>Three parts with dots.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Major}.{Minor}.{Patch}");

    private static CniVersion? Introduced(CniCommand command) => command switch
    {
        CniCommand.Check => new CniVersion(0, 4, 0),
        CniCommand.Status or CniCommand.Gc => new CniVersion(1, 1, 0),
        _ => null,
    };

    private static int Part(string[] parts, int index, string name)
    {
        if (index >= parts.Length)
            return 0;
        return int.TryParse(parts[index], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw Undecodable($"failed to convert {name} version part \"{parts[index]}\": wanted a number");
    }

    private static CniException Undecodable(string message) => new(CniErrorCode.DecodingFailure, message);
}
