namespace Cni.Protocol;

/// <summary>Which versions share a result's shape.</summary>
internal static class CniResultFamilies
{
    /// <summary>The family of a version. Throws code 1 when it isn't supported.</summary>
    public static CniResultFamily Of(CniVersion version) =>
        CniVersion.EnsureSupported(version.ToString()) switch
        {
            { Major: 1 } => CniResultFamily.V1,
            { Minor: >= 3 } => CniResultFamily.V03,
            _ => CniResultFamily.V01,
        };

    /// <summary>The family's versions, as messages list them.</summary>
    public static string Versions(CniResultFamily family) => family switch
    {
        CniResultFamily.V1 => "[1.0.0 1.1.0]",
        CniResultFamily.V03 => "[0.3.0 0.3.1 0.4.0]",
        _ => "[0.1.0 0.2.0]",
    };
}
