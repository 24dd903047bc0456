#!/bin/sh
# Publishes the binaries, then measures them beside Debian's host-local and ptp. Then the stores beside
# each other; Kubernetes where KUBEBUILDER_ASSETS names the folder that has etcd and kube-apiserver. One part alone: bench/run.sh ipam, ptp or stores.
# Some parts run only if they are named: sharing (nodes that want the same addresses), neighbours (what a pool costs those who use another one), million (a million
# leases of one node), scale (a thousand nodes), gc (what it costs to find leaks), history (what it costs to keep which leases there were, and who held an address among ten million events), page (what
# ipam-web sends of a large pool, and how soon a browser shows it) and admin (how long ipamctl takes to start, and to list 50,000 leases).
set -eu
cd "$(dirname "$0")/.."
eng/packages.sh containernetworking-plugins time iproute2 nftables iptables redis-server
eng/publish.sh
dotnet build tests/EndToEnd -c Release -nodeReuse:false -v quiet
for part in ${@:-ipam ptp stores}; do
  [ "$part" != page ] || eng/packages.sh chromium
  dotnet run --project bench/Ipam.Bench -c Release -- "$part"
done
