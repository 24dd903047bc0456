using System.Collections;

namespace Net.Plugin.Interop;

/// <summary>This process's environment, as a child is given it.</summary>
internal static class ProgramEnvironment
{
    /// <summary>All variables as <c>NAME=value</c>.</summary>
    public static List<string> Current()
    {
        var entries = new List<string>();
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
            entries.Add($"{variable.Key}={variable.Value}");
        return entries;
    }
}
