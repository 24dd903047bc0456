namespace Cni.Protocol;

/// <summary>What a message about undecodable JSON calls it; the words are the reference library's.</summary>
internal static class JsonSubject
{
    /// <summary>A plugin's stdin.</summary>
    public const string Configuration = "network config";

    /// <summary>A plugin's stdout, or a prevResult.</summary>
    public const string Result = "result";
}
