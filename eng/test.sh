#!/bin/sh
# Builds everything, publishes the binaries, runs every test project: that of the whole programs alone, the others two at a time,
# and closes with one line: N passed, N failed, N skipped.
set -u
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
# chromium walks the pages; podman, runc and busybox-static run containers on net-ptp; redis-server is a store; Helm charts are templates of Go with sprig; prometheus scrapes, and has promtool;
# mandoc and groff read man pages; programs of systemd check units and hand a socket over.
eng/packages.sh iproute2 iputils-ping containernetworking-plugins procps curl time nftables iptables redis-server sqlite3 podman runc busybox-static golang-go golang-github-masterminds-sprig-dev prometheus mandoc groff-base systemd chromium || exit 1
eng/publish.sh || exit 1
dotnet build IpamSuite.sln -c Release -nodeReuse:false -v quiet || exit 1

results=$PWD/artifacts/test-results
rm -rf "$results"
mkdir -p "$results"

# run PROJECT: a test that hangs is named and ended, and the others are run.
run() {
  name=$(basename "$1" .csproj)
  dotnet test "$1" -c Release --no-build --nologo --logger "console;verbosity=minimal" --blame-hang --blame-hang-timeout 10m --blame-hang-dump-type none > "$results/$name.log" 2>&1
  echo $? > "$results/$name.code"
}

# tell PROJECT: what became of it.
tell() {
  name=$(basename "$1" .csproj)
  echo "== $name"
  grep -v '^$' "$results/$name.log" | grep -v '^Test run for\|^A total of\|^Starting test\|^Data collector .Blame. message: All tests finished' || true
  line=$(grep -E 'Failed: +[0-9]+, Passed: +[0-9]+, Skipped: +[0-9]+' "$results/$name.log" | tail -n 1)
  f=$(echo "$line" | sed -n 's/.*Failed: *\([0-9]*\).*/\1/p') p=$(echo "$line" | sed -n 's/.*Passed: *\([0-9]*\).*/\1/p') s=$(echo "$line" | sed -n 's/.*Skipped: *\([0-9]*\).*/\1/p')
  code=$(cat "$results/$name.code")
  if [ -z "$line" ]; then
    echo "$name ran no test (exit code $code)"
    f=1 p=0 s=0
  fi
  failed=$((failed + f)) passed=$((passed + p)) skipped=$((skipped + s))
  [ "$code" = 0 ] || status=1
}

status=0
passed=0 failed=0 skipped=0
# What it measures is to be the programs' doing, so nothing runs beside it.
alone=tests/EndToEnd/EndToEnd.csproj
run $alone
tell $alone
# The others two at a time, the longest first: they wait more than they work.
first='tests/Ipam.Stores.Tests/Ipam.Stores.Tests.csproj tests/Ipam.Service.Tests/Ipam.Service.Tests.csproj tests/Ipam.Plugin.Tests/Ipam.Plugin.Tests.csproj'
second=
for project in tests/*/*.csproj; do
  case " $first $alone " in *" $project "*) continue ;; esac
  case $(basename "$project" .csproj) in *.Support | Testing) continue ;; esac
  second="$second $project"
done
run_all() {
  for project in "$@"; do run "$project"; done
}
# shellcheck disable=SC2086 # They are lists.
{
  run_all $second &
  run_all $first
  wait
  for project in $first $second; do tell "$project"; done
}
[ "$failed" = 0 ] || status=1
echo "$passed passed, $failed failed, $skipped skipped"
exit $status
