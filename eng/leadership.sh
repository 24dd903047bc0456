#!/bin/bash
# leadership.sh ROUNDS: three processes stand for election on each store; in each round the leader is killed, paused, cut off or stopped.
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
export ROUNDS="$1"
eng/packages.sh redis-server
dotnet build tests/Ipam.Stores.Tests -c Release -nodeReuse:false -v quiet
exec dotnet test tests/Ipam.Stores.Tests -c Release --no-build --nologo --filter Category=Leadership --logger "console;verbosity=detailed"
