#!/bin/sh
# build.sh [NAME]: an image of what 'make publish' and 'make notice' made, by podman or docker. Without a name it gets the one that deploy/kubernetes uses.
set -eu
cd "$(dirname "$0")/../.."
name=${1:-$(awk '/newName:/ { name = $2 } /newTag:/ { print name ":" $2 }' deploy/kubernetes/kustomization.yaml)}
engine=$(command -v podman || command -v docker) || { echo "build.sh: neither podman nor docker is here" >&2; exit 1; }
[ -f artifacts/NOTICE ] || { echo "build.sh: there is no artifacts/NOTICE; run 'make publish notice' first" >&2; exit 1; }
"$engine" build --build-arg PROGRAMS=published -f deploy/image/Dockerfile -t "$name" .
echo "built $name"
