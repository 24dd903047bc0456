#!/bin/sh
# Publishes the binaries, then measures them beside Debian's host-local.
set -eu
cd "$(dirname "$0")/.."
eng/packages.sh containernetworking-plugins time
eng/publish.sh
dotnet run --project bench/Ipam.Bench -c Release
