#!/bin/sh
# leaks.sh STORE LEASES: publishes the binaries, and lets leases of three nodes lose their owners in every way there is. Exits 0 only if each leak was gone in time, and
# nobody else lost an address.
set -eu
cd "$(dirname "$0")/.."
eng/packages.sh iproute2
case $1 in redis) eng/packages.sh redis-server redis-tools ;; esac
eng/publish.sh
dotnet build tests/EndToEnd -c Release -nodeReuse:false -v quiet
exec dotnet tests/EndToEnd/bin/Release/net10.0/EndToEnd.dll leaks "$@"
