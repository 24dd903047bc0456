namespace Cni.Protocol.Tests;

/// <summary>
/// Tests that start processes run one after the other: a child forked while another test writes a script would hold it open for
/// writing, and the kernel would refuse to run it.
/// </summary>
internal static class Processes
{
    public const string Collection = "processes";
}
