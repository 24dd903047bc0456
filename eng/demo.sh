#!/bin/bash
# The main job, end to end on this machine, from the published binaries: containers (network namespaces) get addresses from ipamd by ipam,
# first on Debian's bridge plugin, then on net-ptp. Exits 0 only if all of it held.
set -euo pipefail
cd "$(dirname "$0")/.."
. eng/demo-lib.sh
export DEMO_BEGAN=$EPOCHSECONDS

[ "$(id -u)" = 0 ] || fail "network namespaces need root; run 'sudo make demo'"

say "Installing what the demo needs, if it isn't there: iproute2, ping, curl, nft, Debian's CNI plugins"
eng/packages.sh iproute2 iputils-ping curl nftables containernetworking-plugins

say "Building and publishing the plugins, ipamd, ipamctl and ipam-web"
eng/publish.sh

eng/demo-bridge.sh
DEMO_BEGAN='' eng/demo-ptp.sh

say "All of it held, and everything is gone again"
