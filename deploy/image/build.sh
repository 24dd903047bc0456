#!/bin/sh
# build.sh [NAME]: an image of what 'make publish' and 'make notice' made, by podman or docker. Without a name it gets the one that deploy/kubernetes uses. ARCH=arm64 says of what they made for
# that machine.
set -eu
cd "$(dirname "$0")/../.."
. eng/target.sh
name=${1:-$(awk '/newName:/ { name = $2 } /newTag:/ { print name ":" $2 }' deploy/kubernetes/kustomization.yaml)}
engine=$(command -v podman || command -v docker) || { echo "build.sh: neither podman nor docker is here" >&2; exit 1; }
[ -f "$out/NOTICE" ] || { echo "build.sh: there is no $out/NOTICE; run 'make publish notice' first" >&2; exit 1; }
platform=
[ "$arch" = "$here" ] || platform="--platform linux/$(echo "$arch" | sed 's/^x64$/amd64/')"
# shellcheck disable=SC2086 # Nothing, or an option.
"$engine" build $platform --build-arg PROGRAMS=published --build-arg ARTIFACTS="${out#"$PWD/"}" -f deploy/image/Dockerfile -t "$name" .
echo "built $name"
