#!/bin/sh
# Builds everything, publishes the binaries, runs every test: that of whole programs first, then the other projects two at a time, and closes with one line: N passed, N failed, N skipped.
set -u
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
# chromium walks the pages; podman, runc and busybox-static run containers on net-ptp; redis-server is a store; Helm charts are templates of Go with sprig; prometheus scrapes, and has promtool;
# mandoc and groff read man pages; programs of systemd check units and hand a socket over.
eng/packages.sh iproute2 iputils-ping containernetworking-plugins procps curl jq time nftables iptables redis-server sqlite3 podman runc busybox-static golang-go golang-github-masterminds-sprig-dev prometheus mandoc groff-base systemd chromium || exit 1
# One compiler for all projects, which ends with this, takes half of the time.
(
  export UseSharedCompilation=true
  trap 'dotnet build-server shutdown --vbcscompiler > /dev/null' EXIT
  dotnet build IpamSuite.sln -c Release -nodeReuse:false -v quiet && eng/publish.sh
) || exit 1

results=$PWD/artifacts/test-results
rm -rf "$results"
mkdir -p "$results"

# tell NAME: what became of it.
tell() {
  echo "== $1"
  grep -v '^$' "$results/$1.log" | grep -v '^Test run for\|^A total of\|^Starting test\|^Data collector .Blame. message: All tests finished' || true
  line=$(grep -E 'Failed: +[0-9]+, Passed: +[0-9]+, Skipped: +[0-9]+' "$results/$1.log" | tail -n 1)
  f=$(echo "$line" | sed -n 's/.*Failed: *\([0-9]*\).*/\1/p') p=$(echo "$line" | sed -n 's/.*Passed: *\([0-9]*\).*/\1/p') s=$(echo "$line" | sed -n 's/.*Skipped: *\([0-9]*\).*/\1/p')
  code=$(cat "$results/$1.code")
  if [ -z "$line" ]; then
    echo "$1 ran no test (exit code $code)"
    f=1 p=0 s=0
  fi
  failed=$((failed + f)) passed=$((passed + p)) skipped=$((skipped + s))
  [ "$code" = 0 ] || status=1
}

status=0
passed=0 failed=0 skipped=0
# Whole programs first, with the machine to themselves: beside them others come too late, and what is measured is to be the programs' doing.
eng/test-project.sh "$results" 'Needs!=Matrix' EndToEnd
tell EndToEnd
longest='Ipam.Stores.Tests Net.Plugin.Tests Ipam.Cli.Tests'
{
  printf '%s\n' $longest
  for project in tests/*/*.csproj; do
    name=$(basename "$project" .csproj)
    case " EndToEnd $longest " in *" $name "*) continue ;; esac
    case $name in *.Support | Testing) continue ;; esac
    echo "$name"
  done
} > "$results/together"
# Two at a time, the longest first: they wait more than they work.
xargs -P 2 -n 1 eng/test-project.sh "$results" 'Needs!=WholeMachine&Needs!=Matrix' < "$results/together"
while read -r name; do tell "$name"; done < "$results/together"
mkdir -p "$results/alone"
eng/test-project.sh "$results/alone" Needs=WholeMachine Ipam.Web.Tests
tell alone/Ipam.Web.Tests
[ "$failed" = 0 ] || status=1
# Once more, where whoever looks at the end sees it: each test that failed, and how its message begins.
awk '/^  Failed /{lines = 4} lines-- > 0' "$results"/*.log "$results"/alone/*.log | cut -c 1-200
echo "$passed passed, $failed failed, $skipped skipped"
exit $status
