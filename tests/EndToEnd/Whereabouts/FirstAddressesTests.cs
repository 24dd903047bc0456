using EndToEnd.Support;

namespace EndToEnd.Whereabouts;

/// <summary>
/// Configurations of Whereabouts, and the first addresses that each must give: address, prefix length, and the gateway behind <c>^</c>. Containers of a row are separated by commas; a
/// row that ends with <c>, -</c> has no more.
/// </summary>
public sealed class FirstAddressesTests(ServiceFixture service) : IClassFixture<ServiceFixture>
{
    public static TheoryData<string, string, string> Rows()
    {
        (string Ipam, string Addresses)[] rows =
        [
            (""" "range": "192.168.2.225/28" """, "192.168.2.225/28, 192.168.2.226/28, 192.168.2.227/28"),
            (""" "range": "00192.00168.1.5/24" """, "192.168.1.1/24, 192.168.1.2/24"),
            (""" "range": "10.1.0.0/30" """, "10.1.0.1/30, 10.1.0.2/30, -"),
            (""" "range": "10.1.0.0/31" """, "10.1.0.0/31, 10.1.0.1/31, -"),
            (""" "range": "10.1.0.7/32" """, "10.1.0.7/32, -"),
            (""" "range": "2001:db8::5/64" """, "2001:db8::1/64, 2001:db8::2/64"),
            (""" "range": "2001:db8::8/127" """, "2001:db8::8/127, 2001:db8::9/127, -"),
            (""" "range": "192.168.2.16-192.168.2.17/24" """, "192.168.2.16/24, 192.168.2.17/24, -"),
            (""" "range": "2001:db8::1f-2001:db8::20/64" """, "2001:db8::1f/64, 2001:db8::20/64, -"),
            (""" "range": "10.1.0.0/24", "range_start": "10.1.0.100", "range_end": "10.1.0.101" """, "10.1.0.100/24, 10.1.0.101/24, -"),
            (""" "range": "10.1.0.0/16", "range_start": "10.1.0.255" """, "10.1.0.255/16, 10.1.1.0/16"),
            (""" "range": "10.1.0.0/24", "range_end": "10.1.0.1" """, "10.1.0.1/24, -"),
            (""" "range": "192.168.2.225/28", "exclude": ["192.168.2.229/30"] """, "192.168.2.225/28, 192.168.2.226/28, 192.168.2.227/28, 192.168.2.232/28"),
            (""" "range": "10.1.0.0/24", "exclude": ["10.1.0.0/29", "10.1.0.9", "010.1.0.010/32"] """, "10.1.0.8/24, 10.1.0.11/24"),
            (""" "ipRanges": [{ "range": "10.1.0.0/24" }, { "range": "2001:db8::/64" }] """, "10.1.0.1/24 2001:db8::1/64, 10.1.0.2/24 2001:db8::2/64"),
            (
                """ "range": "10.3.0.0/24", "ipRanges": [{ "range": "10.1.0.0/24", "range_start": "10.1.0.9" }, { "range": "2001:db8::/64", "exclude": ["2001:db8::1"] }] """,
                "10.3.0.1/24 10.1.0.9/24 2001:db8::2/64, 10.3.0.2/24 10.1.0.10/24 2001:db8::3/64"),
            (""" "range": "10.50.0.0/16", "gateway": "10.50.0.1" """, "10.50.0.2/16^10.50.0.1, 10.50.0.3/16^10.50.0.1"),
            (""" "range": "10.50.0.0/30", "gateway": "10.50.0.2" """, "10.50.0.1/30^10.50.0.2, -"),
            (""" "ipRanges": [{ "range": "10.1.0.0/24" }, { "range": "2001:db8::/64" }], "gateway": "10.1.0.254" """, "10.1.0.1/24^10.1.0.254 2001:db8::1/64"),
            (""" "range": "10.1.0.0/24", "addresses": [{ "address": "10.9.0.9/24", "gateway": "10.9.0.1" }] """, "10.1.0.1/24 10.9.0.9/24^10.9.0.1, -"),
            (""" "addresses": [{ "address": "10.9.0.9/24" }, { "address": "2001:db8::9/64" }] """, "10.9.0.9/24 2001:db8::9/64, -"),
            (""" "range": "10.1.0.0/24", "network_name": "Tenant_A" """, "10.1.0.1/24, 10.1.0.2/24"),
            (""" "range": "10.1.0.0/24", "enable_overlapping_ranges": false """, "10.1.0.1/24, 10.1.0.2/24"),
            (""" "range": "10.77.0.0/26", "node_slice_size": "/28", "exclude": ["10.77.0.0/29"] """, "10.77.0.8/26, 10.77.0.9/26"),
            (""" "range": "10.1.0.0/24", "routes": [{ "dst": "0.0.0.0/0" }], "dns": { "nameservers": ["10.1.0.53"] } """, "10.1.0.1/24, 10.1.0.2/24"),
            (
                """
                "datastore": "kubernetes", "kubernetes": { "kubeconfig": "/etc/cni/net.d/whereabouts.d/whereabouts.kubeconfig" }, "range": "10.1.0.0/24",
                "log_file": "/tmp/whereabouts.log", "log_level": "debug", "leader_lease_duration": 1, "leader_renew_deadline": 2, "leader_retry_period": 3,
                "reconciler_cron_expression": "30 4 * * *", "configuration_path": "/there/is/no/whereabouts.conf"
                """, "10.1.0.1/24, 10.1.0.2/24"),
        ];
        var data = new TheoryData<string, string, string>();
        foreach (var (ipam, addresses) in rows)
        {
            foreach (var plugin in (string[])["ipam", "whereabouts"])
                data.Add(plugin, ipam, addresses);
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Each_gives_these_first(string plugin, string ipam, string addresses)
    {
        using var network = new WhereaboutsNetwork(service.Site, plugin);
        var expected = addresses.Split(", ");
        try
        {
            for (var i = 0; i < expected.Length; i++)
            {
                if (expected[i] == "-")
                    network.Call("ADD", ipam, $"c{i}").EnsureError(100);
                else
                    Assert.Equal(expected[i], network.Add(ipam, $"c{i}"));
            }
        }
        finally
        {
            for (var i = 0; i < expected.Length; i++)
                network.Del(ipam, $"c{i}");
        }
    }
}
