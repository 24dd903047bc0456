using System.Reflection;

namespace Ipam.Service.Hosting;

/// <summary>This program's version.</summary>
internal static class Version
{
    public static string Text =>
        typeof(Version).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
}
