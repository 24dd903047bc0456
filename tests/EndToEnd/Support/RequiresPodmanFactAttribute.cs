namespace EndToEnd.Support;

/// <summary>A test that runs containers by podman.</summary>
public sealed class RequiresPodmanFactAttribute : FactAttribute
{
    public RequiresPodmanFactAttribute() => Skip = Podman.WhatIsMissing;
}
