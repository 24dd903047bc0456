using System.Diagnostics;
using Ipam.Service.Tests.Support;

namespace Ipam.Service.Tests.Http;

/// <summary>What is larger than any runtime's request is refused at once, and costs the others nothing.</summary>
public sealed class RequestLimitTests(DaemonFixture service) : IClassFixture<DaemonFixture>
{
    private const string Subnet = "\"subnet\": \"10.30.0.0/24\"";

    public static TheoryData<string, int, string> TooLarge => new()
    {
        { Sets(65), 7, "range sets" },
        { Sets(400), 7, "range sets" },
        { Sets(3000), 7, "range sets" },
        { $"\"ranges\": [[{string.Join(", ", Enumerable.Range(0, 257).Select(static i => $"{{ \"subnet\": \"10.{i >> 4}.{(i & 15) << 4}.0/24\" }}"))}]]", 7, "257 ranges" },
        { $"{Subnet}, \"exclude\": [{string.Join(", ", Enumerable.Range(0, 1025).Select(static i => $"\"10.30.{i >> 8}.{i & 255}\""))}]", 7, "1025 exclusions" },
        { $"{Subnet}, \"exclude\": [{new string(' ', 300_000)}]", 7, "bytes" },
        { $"\"pools\": [{string.Join(", ", Enumerable.Range(0, 65).Select(static i => $"\"p{i}\""))}]", 7, "65 names" },
    };

    [Theory]
    [MemberData(nameof(TooLarge))]
    public async Task A_configuration_of_more_than_anybody_has_is_refused_at_once(string ipam, int code, string what)
    {
        var start = Stopwatch.GetTimestamp();

        var error = (await service.Client.CallAsync("add", NetworkJson.Text(ipam), "large")).EnsureError(code);

        Assert.Contains(what, error.Message, StringComparison.Ordinal);
        Assert.InRange(error.Message.Length, 1, 500);
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task The_largest_configuration_that_is_taken_is_served_quickly()
    {
        var start = Stopwatch.GetTimestamp();
        (await service.Client.CallAsync("add", NetworkJson.Text(Sets(64)), "largest")).EnsureOk();
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(2));
        (await service.Client.CallAsync("del", NetworkJson.Text(Sets(64)), "largest")).EnsureOk();
    }

    [Theory]
    [InlineData("CNI_CONTAINERID", 1_025)]
    [InlineData("CNI_CONTAINERID", 900_000)]
    [InlineData("CNI_NETNS", 4_097)]
    public async Task A_variable_that_is_longer_than_any_name_is_code_4(string name, int length)
    {
        foreach (var verb in (string[])["add", "del"])
            (await service.Client.CallAsync(verb, NetworkJson.Text(Subnet), "c1", (name, new string('a', length)))).EnsureError(4);
    }

    [Theory]
    [InlineData("K8S_POD_NAME")]
    [InlineData("K8S_POD_NAMESPACE")]
    [InlineData("K8S_POD_UID")]
    public async Task A_pods_text_that_is_longer_than_any_name_is_code_4(string key) => (await service.Client.CallAsync(
        "add", NetworkJson.Text(Subnet), "c1", ("CNI_ARGS", $"K8S_POD_NAME=web;{key}={new string('a', 100_000)}"))).EnsureError(4);

    [Fact]
    public async Task A_networks_name_that_is_longer_than_any_is_code_7() =>
        (await service.Client.CallAsync("add", NetworkJson.Text(Subnet, name: new string('n', 1_000_000)))).EnsureError(7);

    [Fact]
    public async Task More_requested_addresses_than_there_can_be_sets_are_refused_at_once()
    {
        var ips = string.Join(", ", Enumerable.Range(0, 20_000).Select(static i => $"\"10.30.{i >> 8}.{i & 255}\""));
        var start = Stopwatch.GetTimestamp();
        (await service.Client.CallAsync("add", NetworkJson.Text(Subnet, $"\"runtimeConfig\": {{ \"ips\": [{ips}] }}"))).EnsureError(7);
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(2));
    }

    [Theory]
    [InlineData("CNI_CONTAINERID")]
    [InlineData("CNI_NETNS")]
    [InlineData("CNI_IFNAME")]
    [InlineData("CNI_ARGS")]
    public async Task A_header_that_is_there_twice_is_code_4(string name)
    {
        using var connection = await RawConnection.OpenAsync(service.Daemon.Options.Socket);
        var body = NetworkJson.Text(Subnet);
        var value = name == "CNI_NETNS" ? "/x/y" : name == "CNI_ARGS" ? "IgnoreUnknown=1" : "eth0";
        await connection.SendAsync(RawConnection.AddHead(body.Length).Replace(
            "\r\nContent-Length", $"\r\n{name}: {value}\r\n{(name == "CNI_ARGS" ? $"{name}: {value}\r\n" : "")}Content-Length", StringComparison.Ordinal) + body);

        Assert.Contains($"the header {name} is there 2 times", await connection.ReadToEndAsync(), StringComparison.Ordinal);
    }

    private static string Sets(int count) =>
        $"\"ranges\": [{string.Join(", ", Enumerable.Range(0, count).Select(static i => $"[{{ \"subnet\": \"10.{i >> 8}.{i & 255}.0/24\" }}]"))}]";
}
