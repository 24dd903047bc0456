#!/bin/sh
# The store contract on every server version that the documents promise, each in a container. Needs an engine, and a registry for the images
# that aren't here; a version that can't be had is skipped, and says why.
set -u
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
dotnet build tests/Ipam.Stores.Tests -c Release -nodeReuse:false -v quiet || exit 1
log=artifacts/test-results/matrix.log
mkdir -p artifacts/test-results
status=0

# contract VARIABLE IMAGE TESTS
contract() {
  env "$1=$2" dotnet test tests/Ipam.Stores.Tests -c Release --no-build --filter "FullyQualifiedName~$3" --logger 'console;verbosity=normal' > "$log" 2>&1 || status=1
  passed=$(sed -n 's/^ *Passed: *//p' "$log") failed=$(sed -n 's/^ *Failed: *//p' "$log")
  reason=$(grep -m 1 -oE '(no registry reachable|needs a).*' "$log")
  echo "$2: ${passed:-0} passed, ${failed:-0} failed${reason:+; skipped: $reason}"
  [ "${failed:-0}" = 0 ] && [ -n "$passed$reason" ] && return
  status=1
  cat "$log"
}

for image in redis:6.2 redis:7 redis:8 valkey/valkey:8; do
  contract IPAM_TEST_REDIS_IMAGE $image RedisContainerStoreContractTests
done
for image in rancher/k3s:v1.31.9-k3s1 rancher/k3s:v1.33.1-k3s1; do
  contract IPAM_TEST_K3S_IMAGE $image KubernetesContainerStoreContractTests
done
exit $status
