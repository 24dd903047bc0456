#!/bin/sh
# Publishes the binaries, then measures them beside Debian's host-local and ptp. One part alone: bench/run.sh ipam, bench/run.sh ptp.
set -eu
cd "$(dirname "$0")/.."
eng/packages.sh containernetworking-plugins time iproute2 nftables iptables
eng/publish.sh
for part in ${@:-ipam ptp}; do
  dotnet run --project bench/Ipam.Bench -c Release -- "$part"
done
