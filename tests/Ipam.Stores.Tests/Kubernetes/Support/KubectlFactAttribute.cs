namespace Ipam.Stores.Tests.Kubernetes.Support;

/// <summary>A test that needs kubectl besides a control plane.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class KubectlFactAttribute : ContractFactAttribute
{
    public KubectlFactAttribute()
    {
        var path = Environment.GetEnvironmentVariable("PATH")?.Split(':') ?? [];
        if (!path.Any(static folder => File.Exists(Path.Combine(folder, "kubectl"))))
            Skip = "needs kubectl in PATH";
    }
}
