#!/bin/bash
# The main job, end to end on this machine: ipamd on a temporary SQLite file, three "containers" (network namespaces) on Debian's bridge
# plugin whose addresses come from ipam, IPv4 and IPv6, then removal. Exits 0 only if all of it held.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf '\n== %s\n' "$*"; }
fail() { printf 'FAILED: %s\n' "$*" >&2; exit 1; }

[ "$(id -u)" = 0 ] || fail "network namespaces need root; run 'sudo make demo'"

say "Installing what the demo needs, if it isn't there: iproute2, ping, curl, Debian's CNI plugins"
eng/packages.sh iproute2 iputils-ping curl containernetworking-plugins

say "Building and publishing ipam, ipamd and ipamctl"
eng/publish.sh

work=$(mktemp -d /tmp/ipam-demo.XXXXXX)
bridge=ipamdemo$((RANDOM % 1000))
containers="one two three"
store=sqlite:$work/ipam.db
ipamd_pid=

ipamctl() { artifacts/ipamctl/ipamctl --store "$store" "$@"; }

clean_up() {
  for c in $containers; do ip netns del "$bridge-$c" 2>/dev/null || true; done
  ip link del "$bridge" 2>/dev/null || true
  [ -z "$ipamd_pid" ] || { kill "$ipamd_pid" 2>/dev/null && wait "$ipamd_pid" || true; }
  rm -rf "$work"
}
trap clean_up EXIT

say "Starting ipamd on $store"
artifacts/ipamd/ipamd --store "$store" --socket "$work/run/ipamd.sock" --spool "$work/spool" --node demo --log-level warning &
ipamd_pid=$!
for _ in $(seq 100); do
  curl_ready=$(curl -s --max-time 1 --unix-socket "$work/run/ipamd.sock" http://ipamd/readyz || true)
  [ "$curl_ready" = ready ] && break
  kill -0 "$ipamd_pid" 2>/dev/null || fail "ipamd ended"
  sleep 0.1
done
[ "$curl_ready" = ready ] || fail "ipamd is not ready: $curl_ready"

cat > "$work/demo.conf" <<EOF
{
  "cniVersion": "1.0.0",
  "name": "demo",
  "type": "bridge",
  "bridge": "$bridge",
  "isGateway": true,
  "ipam": {
    "type": "ipam",
    "socket": "$work/run/ipamd.sock",
    "spool": "$work/spool",
    "ranges": [
      [{ "subnet": "10.123.45.0/24" }],
      [{ "subnet": "fd12:3456:789a:1::/64" }]
    ],
    "routes": [{ "dst": "0.0.0.0/0" }, { "dst": "::/0" }]
  }
}
EOF
say "The network's configuration"
cat "$work/demo.conf"

# cni VERB CONTAINER
cni() {
  CNI_COMMAND=$1 CNI_CONTAINERID=demo-$2 CNI_NETNS=/var/run/netns/$bridge-$2 CNI_IFNAME=eth0 \
    CNI_PATH=$PWD/artifacts/cni:/usr/lib/cni /usr/lib/cni/bridge < "$work/demo.conf"
}

say "Adding three containers"
for c in $containers; do
  ip netns add "$bridge-$c"
  ip -n "$bridge-$c" link set lo up
  cni ADD "$c" > "$work/$c.json" || { cat "$work/$c.json" >&2; fail "ADD $c"; }
  printf '%s: %s\n' "$c" "$(ip -n "$bridge-$c" -o addr show dev eth0 scope global | awk '{printf "%s ", $4}')"
done

address() { ip -n "$bridge-$1" -o "-$2" addr show dev eth0 scope global | awk '{print $4}' | cut -d/ -f1; }

say "Pinging from each container to each other, IPv4 and IPv6"
for from in $containers; do
  for to in $containers; do
    [ "$from" = "$to" ] && continue
    for family in 4 6; do
      ip netns exec "$bridge-$from" ping "-$family" -q -c 1 -w 5 "$(address "$to" $family)" > "$work/ping" || { cat "$work/ping" >&2; fail "$from cannot reach $to over IPv$family"; }
      echo "$from -> $to ($(address "$to" $family)): ok"
    done
  done
done

say "ipamctl lease list"
ipamctl lease list
[ "$(ipamctl lease list -o json | grep -c '"address"')" = 6 ] || fail "wanted six leases"

say "Deleting the containers"
for c in $containers; do
  cni DEL "$c" || fail "DEL $c"
  ip netns del "$bridge-$c"
done

say "ipamctl lease list"
ipamctl lease list
[ "$(ipamctl lease list -o json | grep -c '"address"')" = 0 ] || fail "leases are left"

say "All of it held; cleaning up"
