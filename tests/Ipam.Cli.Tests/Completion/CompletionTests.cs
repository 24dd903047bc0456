using System.Globalization;
using Ipam.Cli.Tests.Support;
using Ipam.Core.Stores;
using Ipam.Stores;

namespace Ipam.Cli.Tests.Completion;

public sealed class CompletionTests : CatalogTest
{
    [Theory]
    [InlineData("ipamctl po", "pool")]
    [InlineData("ipamctl lease re", "release")]
    [InlineData("ipamctl lease list --name", "--namespace")]
    [InlineData("ipamctl lease list -o js", "json\njsonl")]
    [InlineData("ipamctl pool show b", "blue")]
    [InlineData("ipamctl next b", "blue")]
    [InlineData("ipamctl lease list --pool r", "red")]
    [InlineData("ipamctl lease list --node n", "node-a")]
    [InlineData("ipamctl space show t", "tenant")]
    [InlineData("ipamctl reservation delete d", "dns")]
    [InlineData("ipamctl completion z", "zsh")]
    [InlineData("ipamctl pool create b", "")]
    public async Task What_begins_so_is_offered(string line, string expected)
    {
        await DoAsync("pool", "create", "blue", "--range", "10.0.0.0/24");
        await DoAsync("pool", "create", "red", "--range", "10.0.0.0/24", "--space", "tenant");
        await DoAsync("reservation", "add", "10.0.0.53", "--name", "dns");
        await using (var store = await StoreContent.OpenAsync(DatabaseFile))
        {
            foreach (var node in (string[])["node-a", "n$(reboot)"])
                Assert.True(await store.Nodes.PutAsync(new NodeEntry(node, "i", "r", "h", "identity", 1), null, default));
        }
        Variables["IPAM_STORE"] = DatabaseUrl;

        var outcome = await RunPlainAsync($"[suggest:{line.Length.ToString(CultureInfo.InvariantCulture)}]", line);

        // A shell takes those that begin with the word.
        var offered = outcome.Output.Split('\n').Where(name => name.Length > 0 && name.StartsWith(line.Split(' ')[^1], StringComparison.Ordinal));
        Assert.Equal((0, expected, ""), (outcome.ExitCode, string.Join('\n', offered), outcome.Error));
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("next --help")]
    [InlineData("pool --help")]
    [InlineData("pool show --help")]
    [InlineData("lease list --help")]
    [InlineData("node forget --help")]
    [InlineData("pool show blue green")]
    [InlineData("pool shwo blue")]
    public async Task Help_and_mistakes_open_no_store(string line)
    {
        var opened = 0;
        CreateStore = url =>
        {
            opened++;
            return StoreFactory.Create(url, TimeProvider.System, mustExist: true);
        };
        Variables["IPAM_STORE"] = DatabaseUrl;

        await RunPlainAsync(line.Split(' '));

        Assert.Equal(0, opened);
    }

    [Fact]
    public async Task A_store_that_fails_offers_nothing()
    {
        Variables["IPAM_STORE"] = "sqlite:/nowhere/ipam.db";

        var outcome = await RunPlainAsync("[suggest:19]", "ipamctl pool show b");

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        Assert.DoesNotContain("\nb", $"\n{outcome.Output}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bash_completes_by_the_script()
    {
        await DoAsync("pool", "create", "blue", "--range", "10.0.0.0/24");
        var script = Write("completion.bash", await DoAsync("completion", "bash"));
        Write("ipamctl", "#!/bin/sh\n[ \"$1\" = '[suggest:17]' ] && [ \"$2\" = 'ipamctl pool show' ] && printf 'show\\nshowy\\nlist\\n'\n");
        var folder = Path.GetDirectoryName(script)!;
        File.SetUnixFileMode(Path.Combine(folder, "ipamctl"), UnixFileMode.UserRead | UnixFileMode.UserExecute);

        var output = Command.Run(
            "bash", "-c", $"PATH={folder}:$PATH; source {script}; COMP_LINE='ipamctl pool show'; COMP_POINT=17; COMP_WORDS=(ipamctl pool show); COMP_CWORD=2; _ipamctl; echo \"${{COMPREPLY[@]}}\"");

        Assert.Equal("show showy\n", output);
    }

    [Theory]
    [InlineData("zsh", "compdef _ipamctl ipamctl")]
    [InlineData("fish", "complete -c ipamctl")]
    public async Task Other_shells_have_scripts_too(string shell, string expected) =>
        Assert.Contains(expected, await DoAsync("completion", shell), StringComparison.Ordinal);

    [Fact]
    public async Task An_unknown_shell_is_refused() =>
        Assert.Equal(
            (2, "ipamctl: 'csh' is no shell that is known here; known are: bash, zsh, fish. Try 'ipamctl completion --help'.\n"),
            await RunPlainAsync("completion", "csh") is var outcome ? (outcome.ExitCode, outcome.Error) : default);
}
