using System.Text.Json;

namespace EndToEnd.Support;

/// <summary>What a plugin answered.</summary>
internal sealed record CniOutcome(string What, int ExitCode, string Stdout, string Stderr) : CommandOutcome(What, ExitCode, Stdout, Stderr)
{
    public bool Succeeded => ExitCode == 0;

    /// <summary>The error object.</summary>
    public CniFailure Error => JsonText.Parse(Stdout) is var json && ExitCode != 0
        ? new CniFailure(
            json.GetProperty("code").GetInt32(),
            json.GetProperty("msg").GetString()!,
            json.TryGetProperty("details", out var details) ? details.GetString()! : "")
        : throw new InvalidOperationException($"no error: {this}");

    /// <summary>The addresses of a result of any version, without their prefix lengths.</summary>
    public IReadOnlyList<string> Addresses
    {
        get
        {
            var result = JsonText.Parse(EnsureSuccess().Stdout);
            if (result.TryGetProperty("ips", out var ips))
                return [.. ips.EnumerateArray().Select(static ip => WithoutLength(ip.GetProperty("address").GetString()!))];
            var families = ((ReadOnlySpan<string>)["ip4", "ip6"]).ToArray().Where(key => result.TryGetProperty(key, out _));
            return [.. families.Select(key => WithoutLength(result.GetProperty(key).GetProperty("ip").GetString()!))];
        }
    }

    /// <summary>The one address of a result.</summary>
    public string Address => Assert.Single(Addresses);

    /// <summary>Fails with all there is to know, unless the call succeeded.</summary>
    public CniOutcome EnsureSuccess()
    {
        Assert.True(Succeeded, ToString());
        return this;
    }

    /// <summary>Fails unless the call failed with this code. Returns the error.</summary>
    public CniFailure EnsureError(int code)
    {
        Assert.True(!Succeeded && Error.Code == code, $"wanted error {code}: {this}");
        return Error;
    }

    /// <summary>
    /// What holds for every call: exit code 0 with a result (ADD, VERSION) or with nothing at all, or exit code 1 with an error
    /// object; one JSON value and no byte more. Our plugin's stderr is empty unless it was started by hand.
    /// </summary>
    public void EnsureProtocol(string? command)
    {
        Assert.True(ExitCode is 0 or 1, ToString());
        var speaks = ExitCode == 1 || command is "ADD" or "VERSION";
        Assert.True(speaks == (Stdout.Length > 0), ToString());
        if (speaks)
            EnsureObject(ExitCode == 1 ? ["code", "msg"] : ["cniVersion"]);
        if (What.EndsWith(Repository.Ipam, StringComparison.Ordinal) && !string.IsNullOrEmpty(command))
            Assert.True(Stderr.Length == 0, ToString());
    }

    /// <summary>JsonDocument refuses whatever follows the first value.</summary>
    private void EnsureObject(string[] keys)
    {
        var json = JsonText.Parse(Stdout);
        Assert.True(json.ValueKind == JsonValueKind.Object, ToString());
        Assert.All(keys, key => Assert.True(json.TryGetProperty(key, out _), ToString()));
    }

    private static string WithoutLength(string address) => address[..address.IndexOf('/', StringComparison.Ordinal)];
}

/// <summary>An error object of the protocol.</summary>
internal sealed record CniFailure(int Code, string Message, string Details);
