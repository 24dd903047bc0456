#!/bin/bash
# fuzz.sh SECONDS: every test that makes odd inputs, for so long in all (FUZZ_SEED repeats one). The published plugins get their share if they are there.
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
export FUZZ_SECONDS="$1"
status=0
for project in $(grep -rl --include=*.cs 'Trait("Category", "Fuzz")' tests | cut -d/ -f2 | sort -u); do
  dotnet build "tests/$project" -c Release -nodeReuse:false -v quiet
  dotnet test "tests/$project" -c Release --no-build --nologo --filter Category=Fuzz --logger "console;verbosity=detailed" | grep -av '^$' || status=1
done
exit $status
