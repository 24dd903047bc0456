#!/bin/bash
# Three containers on Debian's bridge plugin with addresses from ipam. Run by demo.sh, on what publish.sh made.
set -euo pipefail
cd "$(dirname "$0")/.."
. eng/demo-lib.sh

say "ONE: ipam under Debian's bridge plugin"
plugin=/usr/lib/cni/bridge
remove_rest() { ip link del "$prefix" 2>/dev/null || true; }

cat > "$work/demo.conf" <<EOF
{
  "cniVersion": "1.0.0",
  "name": "demo",
  "type": "bridge",
  "bridge": "$prefix",
  "isGateway": true,
$(ipam_configuration 10.123.45.0/24 fd12:3456:789a:1::/64)
}
EOF
say "The network's configuration"
cat "$work/demo.conf"

start_ipamd
add_containers
ping_each_other
expect_leases 6
delete_containers
expect_leases 0
