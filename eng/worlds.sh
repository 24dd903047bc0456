#!/bin/bash
# worlds.sh [SECONDS] [WORLDS] [SEED]: reconciliation in worlds made at random, judged by an oracle that knows who lives: for so long at most, so many at most, from this
# seed on. A seed alone repeats one world. An empty argument says nothing.
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
export WORLDS_SECONDS="${1-}" WORLDS="${2-}" WORLDS_SEED="${3-}"
dotnet build tests/Ipam.Core.Tests -c Release -nodeReuse:false -v quiet
exec dotnet test tests/Ipam.Core.Tests -c Release --no-build --nologo --filter Category=Worlds --logger "console;verbosity=detailed"
