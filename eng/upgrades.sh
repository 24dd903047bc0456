#!/bin/sh
# upgrades.sh STORE CALLS WAY [BEFORE]: publishes the binaries, and lets plugin and ipamd be upgraded and rolled back ten times while containers come and go. BEFORE is the commit to
# upgrade from; without one it is a copy of what was published. Exits 0 only if no call failed, and every answer was true.
set -eu
cd "$(dirname "$0")/.."
eng/packages.sh systemd
case $1 in redis) eng/packages.sh redis-server redis-tools ;; esac
before=
[ -z "${4-}" ] || before=$(eng/publish-commit.sh "$4")
eng/publish.sh
dotnet build tests/EndToEnd -c Release -nodeReuse:false -v quiet
exec dotnet tests/EndToEnd/bin/Release/net10.0/EndToEnd.dll upgrades "$1" "$2" "$3" $before
