#!/bin/bash
# newcomer-kubernetes.sh: does what docs/install-kubernetes.md tells a new user to do, command by command as it is written there, and says how long it took from the first command to the first address.
# The API server is real, with RBAC. The rest of a cluster of one node is played here: controllers and kubelet, which start the pods of the DaemonSet and of the controllers' Deployment as processes
# (newcomer-container.sh) and report what their probes say, and the runtime, which calls the plugins. No image is pulled: its programs are those of artifacts/. This machine keeps nothing of it. SHORT=1 leaves out
# the cluster's own network.
set -euo pipefail
cd "$(dirname "$0")/.."
. eng/newcomer-lib.sh
[ "$(id -u)" = 0 ] || { echo "namespaces need root; run 'sudo make newcomer KUBERNETES=1'" >&2; exit 1; }
if [ "${1-}" != inside ]; then
  [ -x "${KUBEBUILDER_ASSETS:-}/kube-apiserver" ] || { echo "set KUBEBUILDER_ASSETS to the folder that has etcd and kube-apiserver" >&2; exit 1; }
  command -v kubectl > /dev/null || { echo "the document's commands are kubectl's, which isn't here (Debian's own is too old); without it they can't be followed" >&2; exit 1; }
  [ -x artifacts/ipamd/ipamd ] || { echo "run 'make publish' first" >&2; exit 1; }
  eng/packages.sh curl jq iproute2 containernetworking-plugins
  in_namespaces --net
fi

document=docs/install-kubernetes.md
export node=worker-1 api=192.0.2.1 KUBECONFIG=$work/kubeconfig HOME=$work
mkdir "$work/logs" "$work/clone"
trap '[ $? = 0 ] || tail -n 30 "$work"/logs/* >&2' EXIT

# A node, with the reference plugins, a second interface, and mounts that pods see as systemd has it; and its network, in which each controller has an address.
cover /opt /etc /var/lib /run
mount --make-rshared /
rm -rf /run/ipam /run/netns /var/lib/ipam /etc/ipam /etc/cni /opt/cni /etc/containerd /etc/crio
mkdir -p /opt/cni/bin
ln -s /usr/lib/cni/* /opt/cni/bin/
ip link set lo up
ip link add eth1 type veth peer name wire
ip link set wire up
ip link set eth1 up
ip link add nodes type bridge
ip address add $api/24 dev nodes
ip link set nodes up
for number in 1 2; do
  ip netns add controller-$number
  ip link add controller$number type veth peer name eth0 netns controller-$number
  ip link set controller$number master nodes up
  ip -n controller-$number address add 192.0.2.1$number/24 dev eth0
  ip -n controller-$number link set eth0 up
done

# Tokens of service accounts, which an API server for tests takes from a file.
for account in $(sed -n 's/^ *serviceAccountName: //p' deploy/kubernetes/*.yaml | sort -u); do
  mkdir -p "$work/accounts/$account"
  token=$(od -An -N 16 -t x1 /dev/urandom | tr -d ' \n')
  printf %s "$token" > "$work/accounts/$account/token"
  printf ipamsuite > "$work/accounts/$account/namespace"
  echo "$token,system:serviceaccount:ipamsuite:$account,$account,\"system:serviceaccounts,system:serviceaccounts:ipamsuite\"" >> "$work/tokens"
done
"$KUBEBUILDER_ASSETS/etcd" --data-dir "$work/etcd" --unsafe-no-fsync --log-level warn --listen-client-urls http://127.0.0.1:2379 --advertise-client-urls http://127.0.0.1:2379 \
  --listen-peer-urls http://127.0.0.1:2380 --initial-advertise-peer-urls http://127.0.0.1:2380 --initial-cluster default=http://127.0.0.1:2380 &> "$work/logs/etcd" &
"$KUBEBUILDER_ASSETS/kube-apiserver" --etcd-servers http://127.0.0.1:2379 --bind-address $api --advertise-address $api --secure-port 6443 --cert-dir "$work/cert" \
  --authorization-mode RBAC --anonymous-auth=false --token-auth-file "$work/tokens" --write-kubeconfig "$KUBECONFIG" &> "$work/logs/kube-apiserver" &
await test -s "$KUBECONFIG"
for account in "$work"/accounts/*; do cp "$work/cert/apiserver.crt" "$account/ca.crt"; done
kubectl create -f - <<< "{ \"apiVersion\": \"v1\", \"kind\": \"Node\", \"metadata\": { \"name\": \"$node\" } }" > "$work/logs/node"

# network_of SPEC POD: the pod's network namespace.
network_of() {
  if [ "$(jq .hostNetwork "$1")" = true ]; then echo /proc/1/ns/net; else echo "/run/netns/$2"; fi
}

# start_pod SPEC POD: its init containers one after the other, then the others, whose processes are $processes.
start_pod() {
  local network i
  network=$(network_of "$1" "$2")
  kubectl -n ipamsuite get serviceaccount "$(jq -r .serviceAccountName "$1")" > /dev/null
  for i in $(jq '.initContainers // [] | keys[]' "$1"); do start_container "$network" "$1" ".initContainers[$i]" "$2" && wait $!; done
  for i in $(jq '.containers | keys[]' "$1"); do start_container "$network" "$1" ".containers[$i]" "$2"; processes="$processes $!"; done
}

# await_pod SPEC POD: until its containers are ready.
await_pod() {
  local address probe
  address=$(nsenter "--net=$(network_of "$1" "$2")" ip -j -4 address show scope global | jq -r 'first(.[].addr_info[]?.local)')
  jq -r '.containers[] | .ports as $ports | (.startupProbe, .readinessProbe) | select(.) | .httpGet | . as $get | "\($ports[] | select(.name == $get.port) | .containerPort)\(.path)"' "$1" | while read -r probe; do
    until curl -fs --max-time 3 "http://$address:$probe" > /dev/null; do sleep 0.1; done
  done
}

# start_container NETWORK SPEC CONTAINER POD
start_container() {
  pod=$4 nsenter "--net=$1" unshare --mount --propagation slave eng/newcomer-container.sh "$2" "$3" &>> "$work/logs/$4-$(jq -r "$3.name" "$2")" &
}

# play OBJECT STATUS POD...: runs the pods of a DaemonSet or Deployment while it is there, and others when it has changed; then reports STATUS.
play() {
  local object=$1 status=$2 now seen= processes= process pod
  shift 2
  while sleep 0.2; do
    now=$(kubectl -n ipamsuite get "$object" -o jsonpath='{.metadata.generation}' 2> /dev/null || true)
    [ "$now" != "$seen" ] || continue
    for process in $processes; do kill "$process" && wait "$process" || true; done
    processes=
    seen=$now
    [ -n "$now" ] || continue
    kubectl -n ipamsuite get "$object" -o json | jq .spec.template.spec > "$work/${object#*/}"
    for pod in "$@"; do start_pod "$work/${object#*/}" "$pod"; done
    for pod in "$@"; do await_pod "$work/${object#*/}" "$pod"; done
    kubectl -n ipamsuite patch "$object" --subresource=status --type=merge -p "{ \"status\": { \"observedGeneration\": $now, $status } }"
  done
}
play daemonset/ipam-node '"desiredNumberScheduled": 1, "currentNumberScheduled": 1, "updatedNumberScheduled": 1, "numberReady": 1, "numberAvailable": 1' node-1 &> "$work/logs/daemonset" &
play deployment/ipam-controller '"replicas": 2, "updatedReplicas": 2, "readyReplicas": 2, "availableReplicas": 2' controller-1 controller-2 &> "$work/logs/deployment" &

# follow COMMAND: runs it as it is, in a copy of what a user has cloned.
follow() {
  local failed=
  (cd "$work/clone" && timeout 120 bash -c "$1" < /dev/null 2> "$work/errors") || failed=$?
  cat "$work/errors" >&2
  [ -n "$failed" ] || return 0
  # An API server for tests may lack this one kind of all that the base has. kubectl does the rest of the command.
  if grep -q PodDisruptionBudget "$work/errors" && ! grep -qv 'no matches for kind "PodDisruptionBudget"\|^ensure CRDs are installed first$' "$work/errors" && ! kubectl api-resources --api-group=policy -o name | grep -q .; then
    echo "(this API server knows no PodDisruptionBudget; the other objects are as the command says)"
    return 0
  fi
  exit "$failed"
}

# pod NAME: a pod that was scheduled here.
pod() {
  ip netns add "$1"
  kubectl run "$1" --image=none --overrides="{ \"spec\": { \"nodeName\": \"$node\" } }" > "$work/logs/pod"
  cni_args="IgnoreUnknown=1;K8S_POD_NAMESPACE=default;K8S_POD_NAME=$1;K8S_POD_INFRA_CONTAINER_ID=$1;K8S_POD_UID=$(kubectl get pod "$1" -o jsonpath='{.metadata.uid}')"
}

cp -r deploy "$work/clone"
began=$EPOCHREALTIME
follow_block $document Install sh 1
follow_block $document Install sh 3
echo "a pod on the network"
block $document Install json | tee "$work/blue.conf"
pod one
cni ADD one "$work/blue.conf"
tell_time

if [ -z "${SHORT-}" ]; then
  echo "writing kustomization.yaml"
  block $document "The cluster's network" yaml > "$work/clone/kustomization.yaml"
  follow_block $document "The cluster's network" sh
  await bash -c "ls /etc/cni/net.d/*.conflist"
  conflist=$(ls /etc/cni/net.d/*.conflist)
  echo "a pod on the network of $conflist"
  pod two
  cni ADD two "$conflist"
fi

echo "the pods end"
[ -n "${SHORT-}" ] || cni DEL two "$conflist"
cni DEL one "$work/blue.conf"
follow_block $document "Upgrade, go back, remove" sh
left=$(ls -A /etc/cni/net.d 2> /dev/null; ls /opt/cni/bin | grep -x 'ipam\|net-ptp' || true)
[ -z "$left" ] || { echo "these are left: $left" >&2; exit 1; }
echo "nothing is left of it on the node"
