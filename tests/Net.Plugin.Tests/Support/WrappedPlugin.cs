namespace Net.Plugin.Tests.Support;

/// <summary>The published plugin, started where something is different: in a mount namespace of its own that commands have changed.</summary>
internal sealed class WrappedPlugin : IDisposable
{
    private readonly TempFolder _folder = new();

    /// <param name="preparation">Shell commands that change the mounts.</param>
    /// <param name="starter">Program that starts the plugin, with its options.</param>
    public WrappedPlugin(string preparation, string starter = "")
    {
        File = _folder.Write("net-ptp", $"#!/bin/sh\nexec unshare --mount sh -c '{preparation} && exec {starter} \"$0\"' {Published.Plugin}\n");
        System.IO.File.SetUnixFileMode(File, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public string File { get; }

    public static WrappedPlugin WithReadOnlySysctls() =>
        new("mount --bind -o ro /proc/sys /proc/sys && mount -o remount,ro,bind /proc/sys");

    public void Dispose() => _folder.Dispose();
}
