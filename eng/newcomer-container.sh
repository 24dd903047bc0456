#!/bin/bash
# newcomer-container.sh SPEC CONTAINER: is a container of a pod, as kubelet and runtime start it: SPEC is the file of the pod's spec, CONTAINER jq's path in it. Called in a mount namespace of its own by
# newcomer-kubernetes.sh, with $node, $pod, $api, $work. It has the mounts, the user, the capabilities, the variables and the account that the spec says; limits and seccomp profiles it has not.
set -euo pipefail
spec=$1
container=$2

# of FILTER: of the container ($c) and its pod.
of() { jq -r "$container as \$c | $1" "$spec"; }

root=$(mktemp -d "$work/root.XXXXXX")
mount -t tmpfs tmpfs "$root"

# at SOURCE PATH [PROPAGATION [ro]]: mounts a file or folder in the container.
at() {
  mkdir -p "$root$2"
  mount --rbind "$1" "$root$2"
  mount "--make-r${3:-private}" "$root$2"
  [ "${4:-rw}" = rw ] || mount -o remount,bind,ro "$root$2"
}

# The image: the programs as deploy/image/Dockerfile has them, and in place of its base .NET and the libraries of this machine.
for folder in /bin /lib /lib64 /sbin /usr; do
  if [ -L $folder ]; then cp -P $folder "$root$folder"; else at $folder $folder private ro; fi
done
dotnet=$(dirname "$(readlink -f "$(command -v dotnet)")")
[[ $dotnet == /usr/* ]] || at "$dotnet" "$dotnet" private ro
at "$PWD/artifacts" /opt/ipamsuite private ro
image=$(sed -n '/^ENV /{:more;/\\$/{N;s/\\\n *//;b more};s/^ENV //p}' deploy/image/Dockerfile)
at /proc /proc
at /dev /dev
mkdir -p "$root/tmp"

# The volumes.
while IFS=$'\t' read -r path mode propagation host config; do
  if [ "$host" != - ]; then
    mkdir -p "$host"
    at "$host" "$path" "$propagation" "$mode"
  elif [ "$config" != - ]; then
    mkdir -p "$root$path"
    kubectl -n ipamsuite get configmap "$config" -o json > "$work/configmap"
    for key in $(jq -r '.data | keys[]' "$work/configmap"); do jq -j --arg key "$key" '.data[$key]' "$work/configmap" > "$root$path/$key"; done
  else
    echo "a volume of a kind that is not played here, at $path" >&2
    exit 1
  fi
done < <(of '.volumes as $volumes | $c.volumeMounts[]? | . as $m | $volumes[] | select(.name == $m.name)
  | [$m.mountPath, (if $m.readOnly then "ro" else "rw" end), (if $m.mountPropagation == "HostToContainer" then "slave" else "private" end), .hostPath.path // "-", .configMap.name // "-"] | @tsv')
at "$work/accounts/$(of .serviceAccountName)" /var/run/secrets/kubernetes.io/serviceaccount private ro
[ "$(of '$c.securityContext.readOnlyRootFilesystem')" != true ] || mount -o remount,ro "$root"

# A value may name variables before it.
mapfile -t variables < <(of 'reduce ($c.env // [])[] as $e ({}; . as $before
  | .[$e.name] = reduce ($before | keys[]) as $name ($e.value // {"spec.nodeName": env.node, "metadata.name": env.pod, "status.hostIP": env.api}[$e.valueFrom.fieldRef.fieldPath];
    split("$(" + $name + ")") | join($before[$name])))
  | to_entries[] | "\(.key)=\(.value)"')
mapfile -t command < <(of '($c.command + $c.args)[]')
user=$(of '$c.securityContext.runAsUser // .securityContext.runAsUser')
group=$(of '$c.securityContext.runAsGroup // .securityContext.runAsGroup')
privileges=()
[ "$(of '$c.securityContext.capabilities.drop[0]')" != ALL ] || privileges+=(--bounding-set -all --inh-caps -all)
[ "$(of '$c.securityContext.allowPrivilegeEscalation')" != false ] || privileges+=(--no-new-privs)
# HOME as runtimes set it for a user whom the image doesn't know. shellcheck disable=SC2086 # The image's variables.
exec chroot "$root" /usr/bin/setpriv --reuid "$user" --regid "$group" --clear-groups "${privileges[@]}" \
  /usr/bin/env -i HOME=/ $image DOTNET_ROOT="$dotnet" KUBERNETES_SERVICE_HOST="$api" KUBERNETES_SERVICE_PORT=6443 "${variables[@]}" "${command[@]}"
