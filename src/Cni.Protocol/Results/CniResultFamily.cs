namespace Cni.Protocol;

/// <summary>The three shapes that a result has had; versions of one family are written alike.</summary>
internal enum CniResultFamily
{
    /// <summary>0.1.0 and 0.2.0: <c>ip4</c> and <c>ip6</c>.</summary>
    V01,

    /// <summary>0.3.0, 0.3.1 and 0.4.0: lists; addresses say their family.</summary>
    V03,

    /// <summary>1.0.0 and 1.1.0.</summary>
    V1,
}
