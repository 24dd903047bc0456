#!/bin/bash
# Three containers on net-ptp with addresses from ipam, on a "host" that is a network namespace too, connected to the "world", which knows the
# host's address only. Run by demo.sh, on what publish.sh made.
set -euo pipefail
cd "$(dirname "$0")/.."
. eng/demo-lib.sh

say "TWO: ipam under net-ptp, with masquerading"
host=$prefix-host
world=$prefix-world
plugin=$PWD/artifacts/cni/net-ptp
on_host="ip netns exec $host"
remove_rest() { ip netns del "$host" 2>/dev/null || true; ip netns del "$world" 2>/dev/null || true; }

cat > "$work/demo.conf" <<EOF
{
  "cniVersion": "1.0.0",
  "name": "demo",
  "type": "net-ptp",
  "ipMasq": true,
$(ipam_configuration 10.123.46.0/24 fd12:3456:789a:2::/64)
}
EOF
say "The network's configuration"
cat "$work/demo.conf"

say "Making the host and the world: 203.0.113.1 and .2, 2001:db8::1 and ::2"
ip netns add "$host"
ip netns add "$world"
ip -n "$host" link set lo up
ip -n "$host" link add uplink type veth peer name eth0 netns "$world"
ip -n "$host" link set uplink up
ip -n "$host" addr add 203.0.113.1/24 dev uplink
ip -n "$host" addr add 2001:db8::1/64 dev uplink nodad
ip -n "$world" link set eth0 up
ip -n "$world" addr add 203.0.113.2/24 dev eth0
ip -n "$world" addr add 2001:db8::2/64 dev eth0 nodad
# The world counts by source address what arrives.
ip netns exec "$world" nft -f - <<EOF
table inet seen {
  chain input {
    type filter hook input priority 0;
    icmp type echo-request ip saddr 203.0.113.1 counter comment "from the host"
    icmpv6 type echo-request ip6 saddr 2001:db8::1 counter comment "from the host"
    icmp type echo-request ip saddr 10.0.0.0/8 counter comment "from a container"
    icmpv6 type echo-request ip6 saddr fd00::/8 counter comment "from a container"
  }
}
EOF

# rules TEXT: nft's rules on the host with the text in them. links: the host's interfaces to containers.
rules() { ip netns exec "$host" nft list ruleset | grep "$1" || true; }
links() { ip -n "$host" -o link show type veth | grep -v uplink || true; }

start_ipamd
add_containers
ping_each_other

say "Pinging from each container to the host"
for c in $containers; do
  ping_from "$c" 4 10.123.46.1 host
  ping_from "$c" 6 fd12:3456:789a:2::1 host
done

say "Pinging from each container to the world, which sees the host's address"
for c in $containers; do
  ping_from "$c" 4 203.0.113.2 world
  ping_from "$c" 6 2001:db8::2 world
done
seen=$(ip netns exec "$world" nft list chain inet seen input | grep counter)
printf '%s\n' "$seen"
[ "$(grep -cE 'packets ([3-9]|[1-9][0-9]+) .*from the host' <<< "$seen")" = 2 ] || fail "the world did not see three packets of each family from the host"
[ "$(grep -c 'packets 0 .*from a container' <<< "$seen")" = 2 ] || fail "the world saw a container's address"

expect_leases 6
show_page
[ "$(rules 'masquerade comment' | wc -l)" = 6 ] || fail "wanted six rules that masquerade"
delete_containers
expect_leases 0
[ -z "$(links)" ] || fail "links are left: $(links)"
[ -z "$(rules 'masquerade comment')" ] || fail "rules are left: $(rules 'masquerade comment')"
echo "no link and no rule is left on the host"
