#!/bin/bash
# containers.sh start|stop: a container engine for the tests, where there is no Docker and no registry.
#   eval "$(eng/containers.sh start)"; dotnet test tests/Ipam.Stores.Tests -c Release; eng/containers.sh stop
# "start" runs podman's Docker-compatible service with storage of its own, makes images of this machine's redis-server and of the etcd and
# kube-apiserver in KUBEBUILDER_ASSETS, and prints the environment to export. "stop" removes it all; so does "start" with what a killed run left.
# With Docker none of this is needed: the tests find it, and take the ordinary images.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=$PWD/artifacts/containers
socket=$folder/podman.sock
bridge=ipamtest0

say() { echo "$*" >&2; }

podman() { CONTAINERS_CONF=$folder/containers.conf command podman --root "$folder/storage" --runroot "$folder/run" "$@"; }

configure() {
  mkdir -p "$folder/networks"
  { cat eng/containers.conf; cat; } > "$folder/containers.conf" <<EOF
[network]
network_backend = "cni"
cni_plugin_dirs = ["/usr/lib/cni"]
network_config_dir = "$folder/networks"
default_network = "ipamtest"
EOF
  cat > "$folder/networks/ipamtest.conflist" <<EOF
{
  "cniVersion": "0.4.0",
  "name": "ipamtest",
  "plugins": [
    {
      "type": "bridge", "bridge": "$bridge", "isGateway": true, "ipMasq": true, "hairpinMode": true,
      "ipam": { "type": "host-local", "routes": [{ "dst": "0.0.0.0/0" }], "ranges": [[{ "subnet": "10.89.187.0/24" }]], "dataDir": "$folder/addresses" }
    },
    { "type": "portmap", "capabilities": { "portMappings": true } },
    { "type": "firewall" }
  ]
}
EOF
}

# image NAME CHANGE PROGRAM...: an image of programs and the libraries that they load; busybox is its shell.
image() {
  local name=$1 change=$2 root=$folder/image program library
  shift 2
  mkdir -p "$root/bin" "$root/data" "$root/tmp"
  cp /bin/busybox "$root/bin/sh"
  for program in "$@"; do
    cp -L "$program" "$root/bin/"
    # A program without libraries has no list of them.
    for library in $(ldd "$program" 2>/dev/null | grep -o '/[^ )]*' || true); do
      install -D "$library" "$root$library"
    done
  done
  tar -C "$root" -c . | podman import --quiet --change "$change" - "$name" >/dev/null
  rm -rf "$root"
  say "made the image $name"
}

start() {
  if [ -n "${DOCKER_HOST:-}" ] || [ -S /var/run/docker.sock ]; then
    say "there is an engine already, at ${DOCKER_HOST:-/var/run/docker.sock}"
    return
  fi
  [ "$(id -u)" = 0 ] || { say "podman needs root to connect containers; run as root, or use Docker"; exit 1; }
  eng/packages.sh podman runc containernetworking-plugins iptables busybox-static redis-server >&2
  configure
  image localhost/redis:7 'ENTRYPOINT ["redis-server"]' "$(command -v redis-server)" "$(command -v redis-cli)"
  if [ -x "${KUBEBUILDER_ASSETS:-}/kube-apiserver" ]; then
    image localhost/etcd 'ENTRYPOINT ["etcd"]' "$KUBEBUILDER_ASSETS/etcd"
    image localhost/kube-apiserver 'ENTRYPOINT ["kube-apiserver"]' "$KUBEBUILDER_ASSETS/kube-apiserver"
  else
    say "no images of etcd and kube-apiserver: set KUBEBUILDER_ASSETS to the folder that has them"
  fi
  CONTAINERS_CONF=$folder/containers.conf setsid podman --root "$folder/storage" --runroot "$folder/run" \
    system service --time=0 "unix://$socket" > "$folder/podman.log" 2>&1 < /dev/null &
  echo $! > "$folder/pid"
  for _ in $(seq 100); do
    [ ! -S "$socket" ] || break
    sleep 0.1
  done
  [ -S "$socket" ] || { say "podman's service doesn't start: $(cat "$folder/podman.log")"; exit 1; }
  cat <<EOF
export DOCKER_HOST=unix://$socket
export DOCKER_API_VERSION=1.41
export TESTCONTAINERS_HOST_OVERRIDE=127.0.0.1
export TESTCONTAINERS_RYUK_DISABLED=true
export IPAM_TEST_REDIS_IMAGE=localhost/redis:7
export IPAM_TEST_ETCD_IMAGE=localhost/etcd:latest
export IPAM_TEST_APISERVER_IMAGE=localhost/kube-apiserver:latest
EOF
}

stop() {
  local mount pid
  [ -d "$folder" ] || return 0
  pid=$(cat "$folder/pid" 2>/dev/null || true)
  # Of a process that began before the machine or the number went to another, nothing is left to stop.
  if [ -n "$pid" ] && grep -qs "$socket" "/proc/$pid/cmdline"; then
    kill "$pid" || true
  fi
  podman rm --all --force --time 0 >/dev/null 2>&1 || true
  ip link delete "$bridge" 2>/dev/null || true
  for mount in $(awk -v at="$folder/" 'index($2, at) == 1 { print $2 }' /proc/mounts | sort -r); do
    umount -l "$mount"
  done
  rm -rf "$folder"
}

case ${1:-} in
  start) stop; start ;;
  stop) stop ;;
  *) say "usage: eng/containers.sh start|stop"; exit 2 ;;
esac
