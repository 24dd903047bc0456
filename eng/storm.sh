#!/bin/sh
# storm.sh STORE SECONDS [SEED]: publishes the binaries, and lets eight nodes that share a store go through a storm. Exits 0 only if every
# answer was true.
set -eu
cd "$(dirname "$0")/.."
case $1 in redis) eng/packages.sh redis-server redis-tools ;; sqlite) eng/packages.sh sqlite3 ;; esac
case ${FAULTS-} in *clock*) eng/packages.sh gcc libc6-dev ;; esac
eng/publish.sh
dotnet build tests/EndToEnd -c Release -nodeReuse:false -v quiet
exec dotnet tests/EndToEnd/bin/Release/net10.0/EndToEnd.dll storm "$@"
