#!/bin/bash
# worlds.sh SECONDS: reconciliation in worlds made at random, judged by an oracle that knows who lives, for so long (WORLDS_SEED repeats one).
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
export WORLDS_SECONDS="$1"
dotnet build tests/Ipam.Core.Tests -c Release -nodeReuse:false -v quiet
exec dotnet test tests/Ipam.Core.Tests -c Release --no-build --nologo --filter Category=Worlds --logger "console;verbosity=detailed"
