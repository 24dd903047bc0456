#!/bin/sh
# skew.sh [COMMIT]: publishes the binaries and those of another commit, by default the one before, and lets the plugin of each call the ipamd of the other. Exits 0 only if all calls
# were answered as they should be.
set -eu
cd "$(dirname "$0")/.."
eng/packages.sh iproute2 systemd
before=$(eng/publish-commit.sh "${1:-HEAD~1}")
eng/publish.sh
dotnet build tests/EndToEnd -c Release -nodeReuse:false -v quiet
exec dotnet tests/EndToEnd/bin/Release/net10.0/EndToEnd.dll skew "$before"
