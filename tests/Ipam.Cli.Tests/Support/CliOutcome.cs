using Ipam.Cli.Terminal;

namespace Ipam.Cli.Tests.Support;

/// <summary>What a run of ipamctl left behind.</summary>
internal sealed record CliOutcome(int ExitCode, string Output, string Error);
