using System.Reflection;

namespace Ipam.Cli.Terminal;

/// <summary>The version of this program.</summary>
internal static class ProgramVersion
{
    public static string Text => typeof(ProgramVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
}
