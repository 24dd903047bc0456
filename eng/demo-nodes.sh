#!/bin/bash
# Two nodes, each a network namespace with an ipamd of its own, that share a store: redis or kubernetes. Their containers are on one network,
# by Debian's bridge plugin, with addresses from pools that ipamctl made. Exits 0 only if all of it held.
set -euo pipefail
cd "$(dirname "$0")/.."
DEMO_BEGAN=$EPOCHSECONDS
kind=${1:?usage: eng/demo-nodes.sh redis|kubernetes}
[ "$(id -u)" = 0 ] || { echo "network namespaces need root; run 'sudo make demo STORE=$kind'" >&2; exit 1; }
case $kind in
  redis) server=redis-server ;;
  kubernetes)
    server=
    [ -x "${KUBEBUILDER_ASSETS:-}/kube-apiserver" ] || { echo "set KUBEBUILDER_ASSETS to the folder that has etcd and kube-apiserver" >&2; exit 1; } ;;
  *) echo "there is no demo on '$kind'; there are redis and kubernetes, and 'make demo' on one machine's SQLite" >&2; exit 1 ;;
esac

eng/packages.sh iproute2 iputils-ping curl containernetworking-plugins $server
echo "Building and publishing the plugins, ipamd and ipamctl"
eng/publish.sh
dotnet build tests/EndToEnd -c Release -nodeReuse:false -v quiet
. eng/demo-lib.sh

nodes="east west"
containers="east-one east-two west-one west-two"
plugin=/usr/lib/cni/bridge
switch=$prefix-switch
node_of() { echo "${1%%-*}"; }
ipamctl() { ip netns exec "$switch" artifacts/ipamctl/ipamctl --store "$store" "$@"; }

ipamd_pids=
remove_rest() {
  for pid in $ipamd_pids; do kill "$pid" 2>/dev/null && wait "$pid" || true; done
  # The server ends when its stdin does.
  [ -z "${SERVER_PID:-}" ] || { exec {SERVER[1]}>&- && wait "$SERVER_PID" || true; }
  for n in $nodes; do ip netns del "$prefix-$n" 2>/dev/null || true; done
  ip netns del "$switch" 2>/dev/null || true
}

say "Making a switch with the store at 192.0.2.1, and the nodes $nodes"
ip netns add "$switch"
ip -n "$switch" link set lo up
ip -n "$switch" link add switch type bridge
ip -n "$switch" link set switch up
ip -n "$switch" addr add 192.0.2.1/24 dev switch
number=1
for n in $nodes; do
  number=$((number + 1))
  ip netns add "$prefix-$n"
  ip -n "$prefix-$n" link set lo up
  ip -n "$prefix-$n" link add eth0 type veth peer name "$n" netns "$switch"
  ip -n "$switch" link set "$n" master switch up
  # The node's own address is on the bridge, as eth0 is one of its ports.
  ip -n "$prefix-$n" link add br0 type bridge
  ip -n "$prefix-$n" link set eth0 master br0 up
  ip -n "$prefix-$n" link set br0 up
  ip -n "$prefix-$n" addr add 192.0.2.$number/24 dev br0
done

say "Starting the $kind store"
coproc SERVER { exec ip netns exec "$switch" dotnet tests/EndToEnd/bin/Release/net10.0/EndToEnd.dll serve "$kind" 192.0.2.1; }
read -r store <&"${SERVER[0]}" || fail "no store"
echo "$store"

for n in $nodes; do
  say "Starting ipamd on node $n"
  ip netns exec "$prefix-$n" artifacts/ipamd/ipamd --store "$store" --node "$n" --socket "$work/$n/ipamd.sock" --spool "$work/$n/spool" --log-level warning &
  ipamd_pids="$ipamd_pids $!"
  await_ready "$work/$n/ipamd.sock" $!
  cat > "$work/$n.conf" <<EOF
{
  "cniVersion": "1.0.0",
  "name": "demo",
  "type": "bridge",
  "bridge": "br0",
  "ipam": {
    "type": "ipam",
    "socket": "$work/$n/ipamd.sock",
    "spool": "$work/$n/spool",
    "pools": ["demo", "demo6"]
  }
}
EOF
done

say "Creating pools"
ipamctl pool create demo --range 10.123.47.0/24
ipamctl pool create demo6 --range fd12:3456:789a:3::/64
ipamctl pool list
say "The network's configuration on node east"
cat "$work/east.conf"

# As a runtime on the container's node calls the plugin.
cni() {
  local node
  node=$(node_of "$2")
  CNI_COMMAND=$1 CNI_CONTAINERID=demo-$2 CNI_NETNS=/var/run/netns/$prefix-$2 CNI_IFNAME=eth0 \
    CNI_PATH=$PWD/artifacts/cni:/usr/lib/cni ip netns exec "$prefix-$node" "$plugin" < "$work/$node.conf"
}

add_containers
for family in 4 6; do
  distinct=$(for c in $containers; do address "$c" $family; done | sort -u | wc -l)
  [ "$distinct" = 4 ] || fail "wanted four distinct IPv$family addresses, found $distinct"
done
ping_each_other
expect_leases 8
for n in $nodes; do
  count=$(ipamctl lease list -o json | grep -c "\"node\": *\"$n\"" || true)
  [ "$count" = 4 ] || fail "wanted four leases of node $n, found $count"
done

say "ipamctl pool list"
ipamctl pool list
if [ "$kind" = kubernetes ] && command -v kubectl >/dev/null; then
  say "kubectl get ippools,ipblocks"
  kubeconfig=${store#kubernetes:}
  kubeconfig=${kubeconfig%%\?*}
  # ipamd writes a pool's status every few seconds.
  for _ in $(seq 20); do
    ip netns exec "$switch" kubectl --kubeconfig "$kubeconfig" get ippools,ipblocks > "$work/kubectl" || fail "kubectl"
    grep -Eq '^ippool.*/demo .* 4 ' "$work/kubectl" && break
    sleep 1
  done
  cat "$work/kubectl"
  grep -Eq '^ippool.*/demo .* 4 ' "$work/kubectl" || fail "kubectl does not show four addresses of the pool demo in use"
fi

delete_containers
expect_leases 0
say "Deleting the pools"
ipamctl pool delete demo --yes
ipamctl pool delete demo6 --yes

say "All of it held; cleaning up"
